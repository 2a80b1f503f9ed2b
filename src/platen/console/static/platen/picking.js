/* Boxes before rows: all on a page at once, and how many are picked. */
(function () {
  function boxes(form) {
    return Array.prototype.slice.call(form.querySelectorAll('td.pick input[type="checkbox"]'));
  }

  function tell(form) {
    var picked = boxes(form).filter(function (box) { return box.checked; }).length;
    var every = form.querySelector("[data-all-matching]");
    var all = form.querySelector("[data-pick-all]");
    var words = form.querySelector("[data-picked]");
    if (!picked && every) every.checked = false;
    if (all) {
      all.checked = picked > 0 && picked === boxes(form).length;
      all.indeterminate = picked > 0 && !all.checked;
    }
    if (words) words.textContent = every && every.checked ? every.parentNode.textContent.replace(/^\D*/, "").split(" ")[0] : String(picked);
  }

  document.addEventListener("change", function (event) {
    var form = event.target.closest ? event.target.closest(".picking") : null;
    if (!form) return;
    if (event.target.hasAttribute("data-pick-all")) {
      boxes(form).forEach(function (box) { box.checked = event.target.checked; });
    }
    tell(form);
  });
  document.addEventListener("reset", function (event) {
    if (event.target.classList.contains("picking")) setTimeout(function () { tell(event.target); }, 0);
  });

  /* What is exported, saved or narrowed is the list as it was typed, also where only its rows were loaded anew. */
  document.addEventListener("htmx:pushedIntoHistory", function () {
    var typed = new URLSearchParams(location.search);
    typed.delete("after");
    document.querySelectorAll("[data-list-text]").forEach(function (field) { field.value = typed.get("f") || ""; });
    document.querySelectorAll("[data-list-address]").forEach(function (each) {
      var query = new URLSearchParams(typed);
      if (each.hasAttribute("data-format")) query.set("format", each.getAttribute("data-format"));
      each.setAttribute(each.tagName === "FORM" ? "action" : "href", each.getAttribute("data-list-address") + "?" + query);
    });
  });

  /* The icon of the tab follows the counters when they are read again. */
  document.addEventListener("htmx:afterSwap", function () {
    var signs = document.getElementById("signs");
    var icon = document.getElementById("icon");
    if (signs && icon && icon.getAttribute("href") !== signs.getAttribute("data-icon")) icon.setAttribute("href", signs.getAttribute("data-icon"));
  });
})();
