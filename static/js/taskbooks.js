/** The task table: closing a panel below a row, choosing one side of a whole conflict. */

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-row]");
  if (close) {
    close.closest("tr").remove();
    return;
  }
  const take = event.target.closest("[data-take]");
  if (take) {
    const side = take.dataset.take;
    take.closest("form").querySelectorAll(`input[type=radio][value="${side}"]`).forEach((radio) => {
      radio.checked = true;
    });
  }
});

// Selects that stand on "all" do not belong into the address.
document.addEventListener("htmx:configRequest", (event) => {
  const { formData, verb } = event.detail;
  if (verb !== "get" || !formData) return;
  for (const [name, value] of [...formData.entries()]) {
    if (value === "") formData.delete(name);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.target.closest?.("tr");
  const field = row?.querySelector("[data-error-summary], .conflict input[type=radio], .task-form select, .task-form input:not([type=hidden])");
  if (field && row.classList.contains("is-editing")) {
    field.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
});
