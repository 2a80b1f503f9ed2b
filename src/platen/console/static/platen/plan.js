/* Devices on a floor plan: dragged by a pointer, moved by the arrow keys. Without it, numbers in the table do the same. */
(function () {
  var token = null;
  var dragged = null;

  function put(mark) {
    var body = new URLSearchParams({ x: mark.getAttribute("x").replace("%", ""), y: mark.getAttribute("y").replace("%", "") });
    fetch(mark.getAttribute("data-put"), {
      method: "POST",
      headers: { "X-CSRFToken": token, "X-Requested-With": "platen" },
      body: body,
    }).then(function (answer) { if (!answer.ok) location.reload(); }, function () { location.reload(); });
    document.querySelectorAll("form.put").forEach(function (form) {
      if (form.getAttribute("action") !== mark.getAttribute("data-put")) return;
      form.elements.x.value = body.get("x");
      form.elements.y.value = body.get("y");
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
    dragged = { mark: mark, moved: false, box: mark.closest("[data-plan]").getBoundingClientRect() };
  });
  document.addEventListener("pointermove", function (event) {
    if (!dragged) return;
    dragged.moved = true;
    event.preventDefault();
    move(dragged.mark, 100 * (event.clientX - dragged.box.left) / dragged.box.width, 100 * (event.clientY - dragged.box.top) / dragged.box.height);
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
