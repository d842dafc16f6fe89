"""The addresses of customers."""

from django.urls import path

from gendan.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/new/", views.new_customer, name="customer-new"),
    path("customers/import/", views.import_customers, name="customers-import"),
    path("customers/address-fields/", views.address_fields, name="address-fields"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/unmask/", views.unmask, name="customer-unmask"),
    path("customers/<int:pk>/blacklist/", views.blacklist, name="customer-blacklist"),
    path("customers/<int:pk>/addresses/", views.address, name="customer-address-new"),
    path("customers/<int:pk>/addresses/<int:address>/", views.address, name="customer-address"),
    path(
        "customers/<int:pk>/addresses/<int:address>/forget/",
        views.forget_address,
        name="customer-address-forget",
    ),
]
