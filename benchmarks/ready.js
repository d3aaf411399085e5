// Runs in the page from its first moment. `fengpingReady()` is the time since navigation at which the page was last seen to become
// ready, once it has stayed so for a while; else null. Ready: the script has ended, nothing is greyed or a skeleton, each chart
// has ink on its canvas, each table its grid.
(() => {
  const QUIET = 400, inked = new WeakSet();
  let since = null, seen = "", charts = 0, tables = 0;

  function hasInk(canvas) {
    if (inked.has(canvas)) return true;
    if (!canvas.width || !canvas.height) return false;
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    if (!pixels.some((p) => p !== 0)) return false;
    inked.add(canvas);
    return true;
  }

  function drawn(chart) {
    const canvas = chart.querySelector("canvas");
    if (canvas) return hasInk(canvas);
    return chart.querySelector("svg .mark-group, svg g path") !== null;
  }

  function state() {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testScriptState !== "notRunning") return null;
    const main = document.querySelector('[data-testid="stMain"]');
    if (!main || !main.querySelector("h1")) return null;
    if (main.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')) return null;
    const vega = [...main.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    const grids = [...main.querySelectorAll('[data-testid="stDataFrame"]')];
    if (!vega.every(drawn) || !grids.every((g) => g.querySelector("canvas"))) return null;
    charts = vega.length;
    tables = grids.length;
    return `${charts} ${tables} ${main.querySelectorAll('[data-testid="stElementContainer"]').length}`;
  }

  function look() {
    const now = state();
    if (now === null) since = null;
    else if (since === null || now !== seen) since = performance.now();
    seen = now;
    requestAnimationFrame(look);
  }

  window.fengpingReady = () =>
    since !== null && performance.now() - since >= QUIET ? { ms: since, charts, tables } : null;
  requestAnimationFrame(look);
})();
