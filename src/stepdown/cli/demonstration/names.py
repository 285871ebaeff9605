"""Names nobody bears: ordinary first names, and family names of plants and birds."""

import random

GIVEN = {
    "female": (
        "Aisha Alice Amina Anna Asha Beth Carys Chloe Dana Elsie Emma Farah Grace Hana Irena "
        "Jade Joan Kasia Layla Lena Maria Mary Mei Nadia Nora Olga Priya Ruth Saira Sophie "
        "Tara Una Vera Yasmin Zara"
    ).split(),
    "male": (
        "Adam Ali Amir Ben Bilal Callum Dan Dev Ed Emil Farid George Hamza Harry Ian Imran "
        "Jack Jan Joe Karol Leon Liam Marek Moses Nasir Noah Omar Owen Peter Rafi Sam Tariq "
        "Tom Umar Will Yusuf Zac"
    ).split(),
    "other": "Alex Ash Bay Charlie Ellis Frankie Jules Kit Lee Morgan Robin Sage".split(),
}
FAMILY = (
    "Alder Aspen Avens Bilberry Bittern Bracken Bramble Bryony Bunting Burnet Campion "
    "Celandine Clover Coltsfoot Comfrey Cowslip Crake Cranesbill Curlew Dabchick Dipper "
    "Dotterel Dunlin Eider Elder Fieldfare Figwort Firecrest Foxglove Fulmar Garganey Godwit "
    "Goldcrest Guillemot Harebell Hawfinch Hawthorn Heron Hobby Hornbeam Jackdaw Juniper "
    "Kittiwake Knapweed Lapwing Larkspur Linnet Lovage Mallow Martin Meadowsweet Merlin "
    "Milkwort Moorhen Mugwort Nightjar Nuthatch Oakmoss Osprey Oxlip Petrel Pipit Pochard "
    "Ragwort Redshank Redstart Rowan Ruff Samphire Sandpiper Saxifrage Scabious Serin Shelduck "
    "Siskin Skua Speedwell Spurrey Stonechat Sundew Swift Tansy Teal Teasel Thistle Thrift "
    "Thyme Tormentil Treecreeper Turnstone Valerian Vetch Wagtail Waxwing Wheatear Whimbrel "
    "Whinchat Willowherb Woodruff Yarrow Yellowhammer"
).split()


def gender(chance: random.Random) -> str:
    """One of the values of the equality record; some did not say."""
    return chance.choices(("female", "male", "other", ""), (54, 40, 2, 4))[0]


def name(chance: random.Random, of: str) -> tuple[str, str]:
    """A first name and a family name."""
    return chance.choice(GIVEN[of or "other"]), chance.choice(FAMILY)


def mobile(chance: random.Random) -> str:
    """A number set aside for drama (Ofcom): it will never ring."""
    return f"07700 900{chance.randrange(1000):03}"
