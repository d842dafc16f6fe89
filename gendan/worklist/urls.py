from django.urls import path

from gendan.worklist import views

urlpatterns = [
    path("", views.home, name="home"),
    path("worklist/", views.home, name="worklist"),
    path("worklist/<int:pk>/claim/", views.claim, name="item-claim"),
    path("worklist/<int:pk>/done/", views.finish, name="item-done"),
    path("worklist/<int:pk>/hand-over/", views.hand_over, name="item-hand-over"),
    path("business-hours/", views.business_hours, name="business-hours"),
    path("business-hours/holidays/", views.load_holidays, name="business-hours-holidays"),
]
