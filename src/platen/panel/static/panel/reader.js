/* A reader that types: keys that follow each other faster than fingers, ended by Enter. In the head, without defer and
   before the styles, so that it listens before there is anything to see: a card shown at a page that is half there
   counts, and counts whole. Moments are those of the keys, not of this script, which a busy panel may run late. */
(function () {
  var GAP_MS = 100, CHARACTERS_MIN = 3;
  var typed = "", last = 0;
  function moment(event) { return event.timeStamp || Date.now(); }
  function submit(number) {
    var form = document.getElementById("card");
    if (!form) return; /* this page takes no card */
    var field = document.getElementById("card-number");
    field.disabled = false;
    field.value = number;
    document.documentElement.setAttribute("data-leaving", "");
    form.submit();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (moment(event) - last > GAP_MS) typed = "";
    last = moment(event);
    if (event.key && event.key.length === 1) {
      typed += event.key;
      /* The next page, if one is under way, would get the rest of the number and take it for a number. */
      if (typed.length === 2 && document.readyState === "complete" && document.getElementById("card")) window.stop();
    } else if (event.key === "Enter" && typed.length >= CHARACTERS_MIN) {
      var number = typed, loading = document.readyState === "loading";
      typed = "";
      if (!loading && !document.getElementById("card")) return;
      event.preventDefault();
      if (loading) document.onreadystatechange = function () { document.onreadystatechange = null; submit(number); };
      else submit(number);
    }
  });
})();
