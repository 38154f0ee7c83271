// The report on paper: tables that fold on the screen are open; a very long one stays in the workbook.
"use strict";
for (const details of document.querySelectorAll("details.gap-details:not(.chart-table)")) {
  if (Number(details.dataset.rows || 0) <= 400) details.open = true;
}
