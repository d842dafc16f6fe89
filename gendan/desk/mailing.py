"""The mail that carries a message to its customer."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from gendan.desk import links
from gendan.desk.masking import masked_error, masked_to
from gendan.desk.models import Message, State
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.people.queries import merchant
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

TRIES = 5
MAILER = Job("mail_message")


@app.task(
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4), pass_context=True, queue="mail"
)
def mail_message(context: JobContext, message: int) -> None:
    """Send one message; when the last try fails, a service agent is told."""
    found = Message.objects.select_related("shop").get(pk=message)
    if found.state != State.SENDING:
        return  # withdrawn meanwhile, or sent by an earlier try
    try:
        letter(found).send()
    except (OSError, ValueError) as error:  # SMTP, the network; an address that is none
        if context.job.attempts >= TRIES:
            give_up(found, error)
        raise
    with entry("message.mailed", by=MAILER, mail=masked_to(found.to)):
        Message.objects.filter(pk=found.pk, state=State.SENDING).update(
            state=State.SENT, sent_at=timezone.now()
        )


def letter(message: Message) -> EmailMessage:
    """Return the mail as it goes out, with a link if there is something to choose."""
    house = merchant()
    link = links.address(message) if message.choices else ""
    text = {"message": message, "merchant": house, "link": link}
    return EmailMessage(
        message.title or f"{house.name} {message.number}",
        render_to_string("desk/mail.txt", text),
        to=[message.to],
        reply_to=[house.mail] if house.mail else None,
    )


def give_up(message: Message, error: Exception) -> None:
    """Let somebody reach the customer another way: the mail can't be sent."""
    mail = masked_to(message.to)
    facts = {"number": message.number, "mail": mail, "error": masked_error(error)}
    item = NewItem(Kind.MESSAGE, "message", message.pk, facts=facts, shop_id=message.shop_id)
    with entry("message.failed", by=MAILER, mail=mail):
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(state=State.FAILED)
        open_items([item], by=MAILER, now=timezone.now())
