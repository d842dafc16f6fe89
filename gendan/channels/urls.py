"""The addresses of what comes in from outside."""

from django.urls import include, path

from gendan.channels.views import intake

urlpatterns = [
    path("", include("gendan.channels.kuaidi100.urls")),
    path("publishing/", include("gendan.channels.publishing.urls")),
    path("reconcile/", include("gendan.channels.reconciling.urls")),
    path("intake/", intake.intake, name="intake"),
    path("intake/upload", intake.upload, name="intake-upload"),
    path("intake/template.csv", intake.template_csv, name="intake-template-csv"),
    path("intake/template.xlsx", intake.template_xlsx, name="intake-template-xlsx"),
    path("intake/<int:number>/", intake.file, name="intake-file"),
    path("intake/<int:number>/columns", intake.columns, name="intake-columns"),
    path("intake/<int:number>/mend.csv", intake.bad_rows_csv, name="intake-mend-csv"),
    path("intake/<int:number>/mend.xlsx", intake.bad_rows_xlsx, name="intake-mend-xlsx"),
]
