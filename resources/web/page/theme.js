// Before the first paint, so that nothing flashes: the theme this person chose, else what the phone prefers.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("bayline.theme");
  } catch {
    // A browser that keeps nothing: the phone's preference will do.
  }
  if (chosen === "night" || chosen === "day") document.documentElement.dataset.theme = chosen;
})();
