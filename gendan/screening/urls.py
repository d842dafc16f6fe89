"""The addresses of screening."""

from django.urls import path

from gendan.screening.views import desk, remedies, rules, shop_codes, sweep

urlpatterns = [
    path("screening/", desk.screening, name="screening"),
    path("screening/finance/", desk.finance, name="screening-finance"),
    path("screening/counts", desk.counts, name="screening-counts"),
    path("screening/sweep/", sweep.sweep_page, name="screening-sweep"),
    path("screening/rules/", rules.rules, name="screening-rules"),
    path("screening/rules/new", rules.rule, name="screening-rule-new"),
    path("screening/rules/try", rules.attempt, name="screening-rule-try"),
    path("screening/rules/<str:code>/", rules.rule, name="screening-rule"),
    path("screening/rules/<str:code>/clear-all", remedies.clear_all, name="screening-clear-all"),
    path("screening/skus", remedies.skus, name="screening-skus"),
    path("screening/holds/<int:pk>/clear", remedies.clear_one, name="screening-clear"),
    path("screening/holds/<int:pk>/remedy", remedies.remedy, name="screening-remedy"),
    path("shop-codes/<int:pk>/map/", shop_codes.map_code, name="shop-code-map"),
    path("screening/<str:number>/release", desk.release_one, name="screening-release"),
    path("screening/<str:number>/force", remedies.force_one, name="screening-force"),
    path("screening/<str:number>/hold", remedies.hold_one, name="screening-hold"),
    path("screening/<str:number>/unmask", desk.unmask_one, name="screening-unmask"),
]
