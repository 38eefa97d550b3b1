// The form that leads to the bank is sent at once. Whoever comes back with « Précédent » is not sent there again.
for (const form of document.querySelectorAll("[data-leave]")) {
  const [came] = performance.getEntriesByType("navigation");
  if (came?.type === "navigate") form.submit();
}
