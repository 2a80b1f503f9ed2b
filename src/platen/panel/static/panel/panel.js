/* The panel's script, for old engines too: keys on the screen, readers beside the panel, the clock, progress. Pages
   work without it, apart from what is live. Readers that type have reader.js. */
(function () {
  var body = document.body;
  var page = document.documentElement; /* data-leaving: to the next person's pages, where answers about the last one
                                          count no more; reader.js says so as well */
  var gone = false; /* whoever these pages are for is not signed in any more */
  function go(address) { page.setAttribute("data-leaving", ""); location.href = address; }
  function each(selector, act) {
    var found = document.querySelectorAll(selector);
    for (var i = 0; i < found.length; i++) act(found[i]);
  }
  function ask(address, then) {
    var request = new XMLHttpRequest();
    request.open("GET", address);
    request.timeout = 5000;
    request.onload = function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { /* signed out: the page's own refresh tells */ }
      then(answer, request);
    };
    request.onerror = request.ontimeout = function () { then(null, null); };
    request.send();
  }

  /* Keys on the screen type into the page's one field. */
  var field = document.getElementById("digits");
  if (field) {
    field.setAttribute("inputmode", "none");
    each("[data-key]", function (key) {
      key.addEventListener("click", function () {
        var name = key.getAttribute("data-key");
        field.value = name === "erase" ? field.value.slice(0, -1) : (field.value + name).slice(0, field.maxLength);
        field.focus();
      });
    });
  }

  /* A reader beside the panel: the node says when a card was shown. */
  var arrived = body.getAttribute("data-arrived");
  if (arrived) setInterval(function () {
    ask(arrived, function (answer) {
      if (answer && answer.go) go(answer.go);
      else if (gone && !page.hasAttribute("data-leaving")) location.reload();
      var meant = document.getElementById("identify"); /* somebody wants to know which printer this is */
      if (meant && answer) {
        document.getElementById("identify-message").textContent = answer.identify || "";
        meant.hidden = !answer.identify;
      }
      var told = document.getElementById("told");
      if (answer && answer.message && told) {
        told.textContent = "";
        var line = document.createElement("p");
        line.className = "p-state state s-attn p-wrap";
        line.setAttribute("role", "alert");
        line.textContent = answer.message;
        told.appendChild(line);
      }
    });
  }, Number(body.getAttribute("data-every")) || 1000);

  /* The time that is left, and the way out when it is over. */
  var timeout = Number(body.getAttribute("data-timeout"));
  var clock = document.querySelector("[data-clock]");
  if (timeout && clock) {
    var end = Date.now() + timeout * 1000, told = Date.now();
    var touched = function () {
      end = Date.now() + timeout * 1000;
      if (Date.now() - told > 4000) {
        told = Date.now();
        ask(body.getAttribute("data-alive"), function () {});
      }
    };
    document.addEventListener("click", touched);
    document.addEventListener("keydown", touched);
    document.addEventListener("touchstart", touched);
    var tick = function () {
      var left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = clock.getAttribute("data-words").replace("%s", left);
      if (left === 0) document.getElementById("sign-out").submit();
    };
    tick();
    setInterval(tick, 500);
  }

  /* Pages that somebody walked away from. */
  var leave = document.querySelector("meta[name=platen-leave]");
  if (leave) {
    var parts = leave.getAttribute("content").split(";");
    var timer = null;
    var stay = function () {
      clearTimeout(timer);
      timer = setTimeout(function () { location.href = parts[1]; }, Number(parts[0]) * 1000);
    };
    stay();
    document.addEventListener("click", stay);
    document.addEventListener("keydown", stay);
  }

  /* What is selected, added up. */
  var sums = document.querySelector("[data-sum]");
  var total = document.querySelector("[data-total]");
  if (sums && total) sums.addEventListener("change", function () {
    var documents = 0, sheets = 0, cost = 0, follow = false;
    each("[name=job]", function (input) {
      if (input.type === "checkbox" && !input.checked) return;
      documents += 1;
      sheets += Number(input.getAttribute("data-sheets"));
      cost += Number(input.getAttribute("data-cost"));
      follow = follow || input.hasAttribute("data-follows");
    });
    var words = total.getAttribute(documents === 1 ? "data-one" : "data-many");
    total.textContent = words.replace("%d", documents).replace("%s", sheets);
    each("[data-follow]", function (note) { note.hidden = !follow; });
    var sign = sums.getAttribute("data-sign");
    if (sign) document.querySelector("[data-price]").textContent = sign + (cost / 10000).toFixed(cost % 100 ? 4 : 2);
  });

  /* How far the printing is. */
  var progress = body.getAttribute("data-progress");
  if (progress) setInterval(function () {
    ask(progress, function (answer, request) {
      if (page.hasAttribute("data-leaving")) return;
      if (answer && answer.go) go(answer.go);
      else if (answer && answer.html) document.getElementById("progress").innerHTML = answer.html;
      if (answer && answer.title) document.getElementById("progress-title").textContent = answer.title;
      if (!answer && request && request.status === 200) {
        gone = true; /* signed out elsewhere; by the next person's card, perhaps, which the reader's answer tells */
        if (!arrived) location.reload();
      }
    });
  }, 1000);
})();
