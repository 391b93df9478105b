from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcription", "0012_lines_not_checked")]

    operations = [
        migrations.AddField(
            model_name="transcript",
            name="again_due_at",
            field=models.DateTimeField(blank=True, db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="transcript",
            name="again_tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
