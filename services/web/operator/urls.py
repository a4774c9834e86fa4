"""Addresses of the operator."""

from django.urls import path

from services.web.operator import books, departments, incidents, overview, work

urlpatterns = [
    path("", overview.overview, name="ops"),
    path("departments/", departments.departments, name="ops_departments"),
    path("departments/<slug:code>/", departments.department, name="ops_department"),
    path("incidents/", incidents.incidents, name="ops_incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="ops_incident"),
    path("books/", books.books, name="ops_books"),
    path("work/", work.work, name="ops_work"),
    path("work/reissue/", work.reissue_parked, name="ops_reissue"),
]
