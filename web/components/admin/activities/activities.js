// activities.js: the sheet of prices as a spreadsheet: arrows and Enter move, what is pasted fills the cells to the right and below.
(() => {
  const place = (field) => {
    const cell = field.closest("td, th"), row = cell.parentElement;
    return [[...row.closest("tbody").rows].indexOf(row), cell.cellIndex];
  };

  const at = (sheet, row, column) => sheet.tBodies[0].rows[row]?.cells[column]?.querySelector(".in");

  const move = (event, down, right) => {
    const field = event.target, [row, column] = place(field);
    const next = at(field.closest("table"), row + down, column + right);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select?.();
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-sheet] input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "ArrowDown") move(event, 1, 0);
    else if (event.key === "ArrowUp") move(event, -1, 0);
    else if (event.key === "ArrowLeft" && field.selectionStart === 0 && field.selectionEnd === 0) move(event, 0, -1);
    else if (event.key === "ArrowRight" && field.selectionStart === field.value.length) move(event, 0, 1);
  });

  document.addEventListener("paste", (event) => {
    const field = event.target, text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field.matches?.("[data-sheet] input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const [row, column] = place(field), sheet = field.closest("table");
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const cell = at(sheet, row + down, column + right);
        if (cell?.matches("input")) cell.value = value.trim();
      });
    });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
