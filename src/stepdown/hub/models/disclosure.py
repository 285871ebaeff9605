"""The read log: who was shown whom, for which purpose. A book of the ledger, kept apart for its
size: its lines are sealed with the ledger's entries, in one sequence.

The people in a line lie in rows of their own, which lawful disposal may remove together with the
salt: the line keeps only their salted hash, so that the seal still verifies.
"""

from django.db import models

from stepdown.hub.models.record import Record


class Disclosure(Record):
    """One response that showed people's records. Committed before its first byte leaves.

    ``actor_as`` is the roles in which it was asked for, as ``role`` or ``role@agency``, with spaces
    between. Lines from before the read log was sealed have no digest and are never sealed.
    """

    at = models.DateTimeField()
    actor_label = models.CharField(max_length=20)
    actor_user = models.UUIDField(null=True)
    actor_person = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40)
    page = models.CharField(max_length=60)
    actor_as = models.CharField(max_length=600, blank=True, default="")
    salt = models.BinaryField(max_length=16, null=True)
    people_hash = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32, null=True)
    seq = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(
        "hub.LedgerBatch", null=True, on_delete=models.PROTECT, related_name="looks"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("id",),
                name="disclosure_unsealed",
                condition=models.Q(seq__isnull=True, digest__isnull=False),
            ),
            models.Index(fields=("actor_user", "id"), name="disclosure_of_account"),
        )


class DisclosedPerson(models.Model):
    """A person named in the response, and the categories of data that were shown of them.

    ``categories`` has commas between; one that another agency's record shows by an agreement names
    the clause: ``identity,health@ISA-7K3M-9QXT/1/2``.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="people")
    person_id = models.UUIDField()
    categories = models.CharField(max_length=400)

    class Meta:
        indexes = (models.Index(fields=("person_id", "disclosure")),)
        constraints = (
            models.UniqueConstraint(fields=("disclosure", "person_id"), name="disclosed_once"),
        )
