"""The MLP's activations inside a Triton kernel."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

import triton
import triton.language as tl


@triton.jit
def activated(values, ACTIVATION: tl.constexpr):
    """The MLP's activation, on float32."""
    if ACTIVATION == "silu":
        result = values * tl.sigmoid(values)
    elif ACTIVATION == "gelu":
        result = 0.5 * values * (1.0 + tl.erf(values * 0.7071067811865476))
    elif ACTIVATION == "gelu_tanh":
        inner = 0.7978845608028654 * (values + 0.044715 * values * values * values)
        result = values * tl.sigmoid(2.0 * inner)
    else:
        tl.static_assert(ACTIVATION == "relu")
        result = tl.maximum(values, 0.0)
    return result
