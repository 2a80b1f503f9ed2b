/* The theme that was chosen, before the page is painted. Loaded in the head, without defer. */
(function () {
  var asked = /[?&]theme=(light|dark)/.exec(location.search);
  var kept = null;
  try { kept = localStorage.getItem("platen-theme"); } catch (e) { /* storage is off: follow the system */ }
  var theme = asked ? asked[1] : kept;
  if (theme) document.documentElement.setAttribute("data-theme", theme);
})();
