"""The mail that carries an order back to its customer."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from gendan.desk.masking import masked_error, masked_to
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders import links
from gendan.orders.models import Answer, Confirmation
from gendan.orders.paper import document_pdf
from gendan.people.queries import merchant
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

TRIES = 5
MAILER = Job("mail_confirmation")


@app.task(
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4),
    pass_context=True,
    queue="mail",
)
def mail_confirmation(context: JobContext, confirmation: int) -> None:
    """Send one confirmation; when the last try fails, the administrator is told."""
    asked = Confirmation.objects.select_related("order__shop", "order__customer").get(
        pk=confirmation
    )
    if asked.sent_at or asked.answer != Answer.WAITING or is_outdated(asked):
        return
    try:
        send(asked)
    except (OSError, ValueError) as error:  # SMTP, the network; an address that is none
        if context.job.attempts >= TRIES:
            give_up(asked, error)
        raise


def is_outdated(asked: Confirmation) -> bool:
    """Say whether the order was changed before its document left; somebody then looks after it."""
    outdated = Confirmation.objects.filter(pk=asked.pk).outdated()
    if not outdated.exists():
        return False
    facts = {"number": asked.order.number, "mail": masked_to(asked.mail)}
    item = NewItem(
        Kind.MESSAGE,
        "order",
        asked.order_id,
        detail=_("The order was changed before its document left"),
        facts=facts,
        shop_id=asked.order.shop_id,
    )
    with entry("order.confirmation_outdated", by=MAILER):
        outdated.update(answer=Answer.REPLACED)
        open_items([item], by=MAILER, now=timezone.now())
    return True


def send(asked: Confirmation) -> None:
    """Mail the order as a PDF, with the link on which the customer answers.

    :raises OSError: if the mail server does not take it
    :raises ValueError: if the address is none
    """
    message(asked).send()
    with entry("order.confirmation_mailed", by=MAILER, mail=masked_to(asked.mail)):
        Confirmation.objects.filter(pk=asked.pk).update(sent_at=timezone.now())


def message(asked: Confirmation) -> EmailMessage:
    """Return the mail as it goes out."""
    order, house = asked.order, merchant()
    text = {"order": order, "merchant": house, "link": links.address(asked)}
    mail = EmailMessage(
        _("%(merchant)s: please confirm your order %(number)s")
        % {"merchant": house.name, "number": order.number},
        render_to_string("orders/confirmation_mail.txt", text),
        to=[asked.mail],
        reply_to=[house.mail] if house.mail else None,
    )
    mail.attach(f"{order.number}.pdf", document_pdf(asked, links.address(asked)), "application/pdf")
    return mail


def give_up(asked: Confirmation, error: Exception) -> None:
    """Let somebody look after it: the mail cannot be sent."""
    mail = masked_to(asked.mail)
    facts = {"number": asked.order.number, "mail": mail, "error": masked_error(error)}
    item = NewItem(
        Kind.JOB,
        "order",
        asked.order_id,
        detail="mail_confirmation",
        facts=facts,
        shop_id=asked.order.shop_id,
    )
    open_items([item], by=MAILER, now=timezone.now())
