/* Theme switch, "/" for the search field, toasts that leave, fields that fill others, texts that are copied. Pages work without any of it. */
(function () {
  var root = document.documentElement;

  function closest(event, selector) {
    return event.target.closest ? event.target.closest(selector) : null;
  }

  document.addEventListener("click", function (event) {
    if (closest(event, "[data-theme-switch]")) {
      var current = root.getAttribute("data-theme");
      var dark = current ? current === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      var next = dark ? "light" : "dark";
      root.setAttribute("data-theme", next);
      try { localStorage.setItem("platen-theme", next); } catch (e) { /* this page only */ }
      return;
    }
    var dismiss = closest(event, "[data-dismiss]");
    if (dismiss) dismiss.closest(".toast").remove();
    var fill = closest(event, "[data-fill]");
    if (fill) fillColumns(fill);
    if (closest(event, "[data-print]")) print();
    var copy = closest(event, "[data-copy]");
    if (copy) navigator.clipboard.writeText(document.getElementById(copy.getAttribute("data-copy")).textContent);
    var collapse = closest(event, "[data-collapse]");
    if (collapse && collapse.getAttribute("aria-expanded") === "true") {
      var slot = document.getElementById(collapse.getAttribute("aria-controls"));
      slot.textContent = "";
      collapse.setAttribute("aria-expanded", "false");
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  /* Only pages that came over HTTPS, or from this computer, may copy. */
  if (navigator.clipboard) {
    document.addEventListener("DOMContentLoaded", function () {
      document.querySelectorAll("[data-copy]").forEach(function (button) { button.hidden = false; });
    });
  }

  /* "Set all": the first row's prices go into every row of the same table. */
  function fillColumns(button) {
    var table = document.getElementById(button.getAttribute("data-fill"));
    ["sheet", "mono", "color"].forEach(function (column) {
      var source = table.querySelector('[data-all="' + column + '"]');
      if (!source || source.value === "") return;
      table.querySelectorAll('[data-column="' + column + '"]').forEach(function (input) { input.value = source.value; });
    });
    table.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(input|textarea|select)$/i.test(event.target.tagName)) return;
    var field = document.getElementById("find");
    if (field) { event.preventDefault(); field.focus(); }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var by = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (by && by.hasAttribute("data-collapse")) by.setAttribute("aria-expanded", "true");
  });

  /* What goes on by itself is read again every so many seconds (data-refresh), but never under somebody's hands: not
     while a detail or a dialog is open in it, something is ticked, the focus is inside, or the page is out of sight. */
  var due = new WeakMap();

  function busy(part) {
    return document.hidden || part.contains(document.activeElement) ||
      part.querySelector('[aria-expanded="true"], :popover-open, input[type="checkbox"]:checked');
  }

  setInterval(function () {
    var now = Date.now();
    document.querySelectorAll("[data-refresh]").forEach(function (asking) {
      var every = 1000 * asking.getAttribute("data-refresh");
      if (!due.has(asking)) due.set(asking, now + every);
      if (now < due.get(asking)) return;
      var target = asking.getAttribute("hx-target");
      if (busy((target && target.charAt(0) === "#" && document.querySelector(target)) || asking)) return;
      due.set(asking, now + every);
      asking.dispatchEvent(new CustomEvent("platen:refresh"));
    });
  }, 500);

  /* The live mark tells the truth: it goes out while the server does not answer. */
  function live(on) {
    document.querySelectorAll(".live").forEach(function (mark) { mark.hidden = !on; });
  }
  document.addEventListener("htmx:sendError", function () { live(false); });
  document.addEventListener("htmx:afterRequest", function (event) { if (event.detail.successful) live(true); });
})();
