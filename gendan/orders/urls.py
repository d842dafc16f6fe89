"""The addresses of the orders' pages."""

from django.urls import path

from gendan.orders.views import acts, listed, new, page, reading, urge

urlpatterns = [
    path("orders/", listed.orders, name="orders"),
    path("orders/new", new.new, name="order-new"),
    path("orders/new/write", new.write, name="order-new-write"),
    path("orders/new/lines", new.lines, name="order-new-lines"),
    path("orders/new/paste", new.paste, name="order-new-paste"),
    path("orders/new/customers", new.customers, name="order-new-customers"),
    path("orders/new/skus", new.skus, name="order-new-skus"),
    path("orders/new/discard", new.discard, name="order-new-discard"),
    path("orders/id/<int:pk>", page.numbered, name="order-numbered"),
    path("orders/<str:number>/", page.order, name="order"),
    path("orders/<str:number>/timeline", page.older, name="order-timeline"),
    path("orders/<str:number>/confirmation.pdf", page.confirmation, name="order-confirmation"),
    path("orders/<str:number>/read", reading.read, name="order-read"),
    path("orders/<str:number>/anew", reading.anew, name="order-anew"),
    path("orders/<str:number>/pay", acts.pay, name="order-pay"),
    path("orders/<str:number>/cancel", acts.cancel, name="order-cancel"),
    path("orders/<str:number>/elsewhere", acts.elsewhere, name="order-elsewhere"),
    path("orders/<str:number>/answer", acts.answer, name="order-answer"),
    path("orders/<str:number>/send", acts.send, name="order-send"),
    path("orders/<str:number>/change", acts.change, name="order-change"),
    path("orders/<str:number>/urge", urge.urge_order, name="order-urge"),
    path("orders/<str:number>/unmask", acts.unmask, name="order-unmask"),
    path("orders/<str:number>/approve", acts.approve, name="order-approve"),
    path("orders/<str:number>/refuse", acts.refuse, name="order-refuse"),
]
