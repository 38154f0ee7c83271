"""Addresses of task books."""

from django.urls import path

from planning.taskbooks.views import books, checking, grid, imports, life, office_files, papers, rows, versions

app_name = "taskbooks"
urlpatterns = [
    path("books/", books.book_list, name="book-list"),
    path("books/import/", imports.import_file, name="import-new"),
    path("books/import/apply/", imports.apply_file, name="import-new-apply"),
    path("books/import/read/", office_files.read, name="import-new-read"),
    path("books/by-region/<str:code>/", books.city_tasks, name="city-tasks"),
    path("books/<slug:code>/", books.book, name="book"),
    path("books/<slug:code>/rows/", grid.rows, name="rows"),
    path("books/<slug:code>/grid-settings/", grid.settings, name="grid-settings"),
    path("books/<slug:code>/counts/", books.counts, name="counts"),
    path("books/<slug:code>/check/", checking.check, name="check"),
    path("books/<slug:code>/print/", books.print_book, name="print"),
    path("books/<slug:code>/export.xlsx", books.export_workbook, name="export-xlsx"),
    path("books/<slug:code>/export.csv", books.export_csv, name="export-csv"),
    path("books/<slug:code>/life/", life.life, name="life"),
    path("books/<slug:code>/life/due/", life.parts_due, name="parts-due"),
    path("books/<slug:code>/moves/<slug:name>/", life.move, name="move"),
    path("books/<slug:code>/parts/<slug:name>/", life.all_parts, name="all-parts"),
    path("books/<slug:code>/parts/<slug:bureau>/<slug:name>/", life.part, name="part"),
    path("books/<slug:code>/signatures/<slug:bureau>/<slug:name>/", life.signature, name="signature"),
    path("books/<slug:code>/document.<slug:kind>", papers.book_paper, name="paper"),
    path("books/<slug:code>/versions/compare.<slug:kind>", papers.comparison_paper, name="compare-paper"),
    path("books/<slug:code>/versions/compare/", versions.compare, name="compare"),
    path("books/<slug:code>/versions/<str:edition>/", versions.version, name="version"),
    path("books/<slug:code>/import/", imports.import_file, name="import"),
    path("books/<slug:code>/import/apply/", imports.apply_file, name="import-apply"),
    path("books/<slug:code>/import/conflicts/", imports.conflicts, name="import-conflicts"),
    path("books/<slug:code>/import/read/", office_files.read, name="import-read"),
    path("books/<slug:code>/deleted/", rows.deleted, name="deleted"),
    path("books/<slug:code>/deleted/<uuid:key>/restore/", rows.restore, name="restore"),
    path("books/<slug:code>/tasks/new/", rows.add, name="add"),
    path("books/<slug:code>/tasks/<str:no>/", rows.task, name="task"),
    path("books/<slug:code>/tasks/<str:no>/row/", rows.row, name="row"),
    path("books/<slug:code>/tasks/<str:no>/edit/", rows.edit, name="edit"),
    path("books/<slug:code>/tasks/<str:no>/resolve/", rows.resolve, name="resolve"),
    path("books/<slug:code>/tasks/<str:no>/delete/", rows.delete, name="delete"),
    path("books/<slug:code>/tasks/<str:no>/history/", rows.history, name="history"),
]
