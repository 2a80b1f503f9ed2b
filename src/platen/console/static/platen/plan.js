/* Devices on a floor plan: dragged by a pointer, moved by the arrow keys. Without it, numbers in the table do the same. */
(function () {
  var NEAR_PX = 4; // whoever presses a mark moves a little; up to here it is a click
  var token = null;
  var dragged = null;
  var waiting = new Map(); // by mark that is being sent: where it went meanwhile, or null

  function place(mark) {
    return { x: mark.getAttribute("x").replace("%", ""), y: mark.getAttribute("y").replace("%", "") };
  }

  function put(mark) {
    show(mark);
    // One after the other, the last place last: the page and the server agree in the end.
    if (waiting.has(mark)) waiting.set(mark, place(mark));
    else send(mark, place(mark));
  }

  function send(mark, where) {
    waiting.set(mark, null);
    fetch(mark.getAttribute("data-put"), {
      method: "POST",
      headers: { "X-CSRFToken": token, "X-Requested-With": "platen" },
      body: new URLSearchParams(where),
      keepalive: true,
    }).then(function (answer) {
      var next = waiting.get(mark);
      waiting.delete(mark);
      if (!answer.ok) location.reload();
      else if (next) send(mark, next);
    }, function () { location.reload(); });
  }

  function show(mark) {
    var where = place(mark);
    document.querySelectorAll("form.put").forEach(function (form) {
      if (form.getAttribute("action") !== mark.getAttribute("data-put")) return;
      form.elements.x.value = where.x;
      form.elements.y.value = where.y;
    });
  }

  function move(mark, x, y) {
    mark.setAttribute("x", Math.min(100, Math.max(0, x)).toFixed(1) + "%");
    mark.setAttribute("y", Math.min(100, Math.max(0, y)).toFixed(1) + "%");
  }

  function markOf(event) {
    return event.target.closest ? event.target.closest("[data-put]") : null;
  }

  document.addEventListener("DOMContentLoaded", function () {
    token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  });
  document.addEventListener("pointerdown", function (event) {
    var mark = markOf(event);
    if (!mark) return;
    if (event.button !== 0) return;
    var box = mark.closest("[data-plan]").getBoundingClientRect();
    var at = place(mark);
    dragged = {
      mark: mark, moved: false, box: box, fromX: event.clientX, fromY: event.clientY,
      // Where it was taken hold of, from where it stands.
      holdX: event.clientX - box.left - at.x * box.width / 100, holdY: event.clientY - box.top - at.y * box.height / 100,
    };
  });
  document.addEventListener("pointermove", function (event) {
    if (!dragged) return;
    event.preventDefault();
    if (!dragged.moved && Math.hypot(event.clientX - dragged.fromX, event.clientY - dragged.fromY) < NEAR_PX) return;
    dragged.moved = true;
    var box = dragged.box;
    move(dragged.mark, 100 * (event.clientX - box.left - dragged.holdX) / box.width, 100 * (event.clientY - box.top - dragged.holdY) / box.height);
  });
  document.addEventListener("pointerup", function () {
    if (dragged && dragged.moved) put(dragged.mark);
    setTimeout(function () { dragged = null; }, 0);
  });
  document.addEventListener("dragstart", function (event) { if (markOf(event)) event.preventDefault(); });
  document.addEventListener("click", function (event) {
    if (dragged && dragged.moved && markOf(event)) event.preventDefault();
  }, true);
  document.addEventListener("keydown", function (event) {
    var mark = markOf(event);
    var step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!mark || !step) return;
    event.preventDefault();
    move(mark, parseFloat(mark.getAttribute("x")) + step[0], parseFloat(mark.getAttribute("y")) + step[1]);
    put(mark);
  });
})();
