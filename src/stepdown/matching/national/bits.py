"""Words of 64 bits: one bit for each volunteer of a block."""

from typing import TYPE_CHECKING, Any

from numba import types
from numba.extending import intrinsic

if TYPE_CHECKING:

    def trailing_zeros(word: Any) -> int:
        """The number of the lowest bit set."""
else:

    @intrinsic
    def trailing_zeros(typing_context: Any, word: Any) -> Any:
        """The number of the lowest bit set (one machine instruction); 64 for a word of 0."""
        del typing_context, word

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            del signature
            return builder.cttz(arguments[0], context.get_constant(types.boolean, False))

        return types.int64(types.uint64), generate
