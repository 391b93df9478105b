from django.db import migrations, models


def count_anew(apps, schema_editor):
    """Counts of texts with lines that could not be checked know nothing of these: without a row they are counted anew."""
    found = apps.get_model("transcription", "DetectionSet").objects.filter(counts__not_checked__gt=0)
    apps.get_model("transcription", "DoubtCount").objects.filter(transcript__in=found.values("transcript")).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("transcription", "0011_checked_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="detectionset",
            name="told",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="doubtcount",
            name="not_checked",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="doubtcount",
            name="unread",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="doubtcount",
            name="unread_language",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AlterField(
            model_name="reviewact",
            name="decision",
            field=models.CharField(
                choices=[
                    ("accept", "Accept"), ("hide", "Hide more"), ("not_private", "Not private"),
                    ("suggest", "Suggested: not private"), ("heard", "Not private: may be heard"), ("english", "It is English"),
                    ("release", "Line read and shown"), ("leave", "Line left hidden"), ("undo", "Undo"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
