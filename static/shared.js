// What each script offers to the others, by its name.
const portail = {};

// A message that was read goes: by a tap on it, or by Escape.
document.addEventListener("click", ({ target }) => target.id === "alerte" && (target.textContent = ""));
document.addEventListener("keydown", ({ key }) => key === "Escape" && (document.getElementById("alerte").textContent = ""));
