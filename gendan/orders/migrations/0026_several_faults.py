"""A drawn document may have several faults; those that were found stay."""

import django.db.models.deletion
from django.db import migrations, models

from gendan.journal.triggers import journaled

KINDS = ["RECEIVER", "GOODS", "QUANTITY", "PRICE", "DATE", "REQUEST", "CARE", "OTHER"]
LABELS = [
    "Receiver or address",
    "Goods or specification",
    "Quantity",
    "Price or amount",
    "Date",
    "A request was left out",
    "Care instructions",
    "Something else",
]
MOVED = (
    "INSERT INTO orders_samplefault (sample_id, kind, words)"
    " SELECT id, fault, coalesce(nullif(words, ''), '—') FROM orders_sample WHERE fault <> ''",
    "SET CONSTRAINTS ALL IMMEDIATE",
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0025_swapped_parts")]

    operations = [
        migrations.CreateModel(
            name="SampleFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=list(zip(KINDS, LABELS, strict=True)),
                        max_length=8,
                        verbose_name="fault",
                    ),
                ),
                ("words", models.CharField(max_length=500, verbose_name="what was found")),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="orders.sample",
                    ),
                ),
            ],
            options={
                "verbose_name": "fault of a document",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "kind"), name="sample_fault_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", KINDS)), name="sample_fault_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="sample_fault_in_words",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="sample", name="sample_fault_known"),
        migrations.RemoveConstraint(model_name="sample", name="sample_fault_only_when_judged"),
        migrations.RemoveField(model_name="sample", name="fault"),
        migrations.RemoveField(model_name="sample", name="words"),
        journaled("orders_sample", "orders_samplefault"),
    ]
