"""The one ledger. Its form is settled here; docs/adr/0003-ledger-form.md says why.

An entry is written by the action it records, in the action's transaction, and never changed, but
for ``seq`` and ``batch``, which sealing gives. The words lie in a payload row of their own, which
lawful disposal may remove: the entry keeps only their salted hash, so that the seal still verifies.
"""

from django.db import models

from stepdown.hub.models.record import Record


class LedgerBatch(models.Model):
    """A sealed run of entries and looks: the Merkle root over their digests, chained to the batch
    before and signed. ``key`` names the key; it is empty where nobody signed."""

    number = models.PositiveBigIntegerField(primary_key=True)
    first_seq = models.PositiveBigIntegerField(unique=True)
    last_seq = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    key = models.CharField(max_length=32, blank=True, default="")
    signature = models.BinaryField(max_length=64, default=b"")


class LedgerEntry(Record):
    """Who did what to which record, when. ``digest`` is over every column but seq and batch.

    ``subjects_hash`` is over the entry's subjects; entries of the first form have none.
    """

    at = models.DateTimeField()
    actor_label = models.CharField(max_length=20)
    actor_user = models.UUIDField(null=True)
    actor_person = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=30)
    object_id = models.UUIDField()
    payload_hash = models.BinaryField(max_length=32)
    subjects_hash = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32)
    seq = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(
        LedgerBatch, null=True, on_delete=models.PROTECT, related_name="entries"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("id",), name="ledger_unsealed", condition=models.Q(seq__isnull=True)
            ),
        )


class LedgerPayload(models.Model):
    """An entry's words, as canonical JSON. The row may be disposed of; the entry may not."""

    entry = models.OneToOneField(
        LedgerEntry, primary_key=True, on_delete=models.PROTECT, related_name="payload"
    )
    salt = models.BinaryField(max_length=16)
    body = models.TextField()


class LedgerSubject(models.Model):
    """The records an entry concerns: what the timelines of a person, a need, an offer read."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="subjects")
    kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_id", "entry"), name="ledger_subject_once"
            ),
        )
