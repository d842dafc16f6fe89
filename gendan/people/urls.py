from django.urls import path

from gendan.people import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("me/", views.me, name="me"),
    path("me/password/", views.change_password, name="change-password"),
    path("people/", views.people, name="people"),
    path("people/new/", views.new_person, name="person-new"),
    path("people/<slug:username>/", views.person, name="person"),
    path("people/<slug:username>/unlock/", views.unlock, name="person-unlock"),
    path("people/<slug:username>/password/", views.reset_password, name="person-password"),
    path("shops/", views.shops, name="shops"),
    path("shops/new/", views.shop, name="shop-new"),
    path("shops/import/", views.import_shops, name="shops-import"),
    path("shops/<int:pk>/", views.shop, name="shop"),
    path("warehouses/", views.warehouses, name="warehouses"),
    path("warehouses/new/", views.warehouse, name="warehouse-new"),
    path("warehouses/import/", views.import_warehouses, name="warehouses-import"),
    path("warehouses/<int:pk>/", views.warehouse, name="warehouse"),
    path("merchant/", views.merchant, name="merchant"),
    path("api-keys/", views.api_keys, name="api-keys"),
    path("api-keys/new/", views.new_key, name="api-key-new"),
    path("api-keys/<int:pk>/", views.api_key, name="api-key"),
]
