from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0007_reconciling_journaled"), ("orders", "0018_deadline")]
    operations = [
        migrations.AddField(
            model_name="stagedorder", name="latest_at", field=models.DateTimeField(null=True)
        ),
    ]
