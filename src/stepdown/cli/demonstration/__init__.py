"""The demonstration partnership: everybody in it is made up, and every postcode is real.

It is told as a story, day by day, through the same verbs that people use, so that it can hold
nothing that the hub would refuse. The same seed, day and size give the same hub.
"""
