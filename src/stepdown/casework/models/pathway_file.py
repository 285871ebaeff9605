"""What a pathway's file said when cases began to stand on it."""

from django.db import models


class PathwayFile(models.Model):
    """The digest of one version of one pathway, as this hub first read it with cases on it.

    ``form``: what the digest takes in (``pathways/digest.py``).
    """

    pathway = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    form = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("pathway", "version"), name="pathway_file_once"),
        )

    def __str__(self) -> str:
        return f"{self.pathway} {self.version}"
