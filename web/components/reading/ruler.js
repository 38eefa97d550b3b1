/* ruler.js: a clear band over the line that is read; the rest of the page is darker. It follows the mouse, the finger
   and the keyboard, and takes no click. */
(() => {
  const band = document.createElement("div");
  band.className = "reading-ruler";
  band.hidden = true;
  band.setAttribute("aria-hidden", "true");
  document.body.append(band);
  const put = (middle) => {
    band.hidden = false;
    band.style.top = `${Math.round(middle - band.offsetHeight / 2)}px`;
  };
  addEventListener("pointermove", (event) => put(event.clientY), { passive: true });
  addEventListener("pointerdown", (event) => put(event.clientY), { passive: true });
  addEventListener("focusin", (event) => {
    if (!event.target.matches(":focus-visible")) return;
    const box = event.target.getBoundingClientRect();
    put(box.top + Math.min(box.height, band.offsetHeight || 50) / 2);
  });
})();
