"""The layers of the table that have no memory: what stands around the recurrent ones in a model."""

from course_kit.params import formulas
from course_kit.params.systems import System, Tensor, register


def _dense(m, n, use_bias):
    bias = [Tensor("bias", (n,), "added in every unit")]
    return [Tensor("kernel", (m, n), "from the inputs"), *(bias if use_bias else [])]


register("Dense", System(formula=formulas.dense, tensors=_dense, letters={"n": "units"}, flags=("use_bias",)))

register(
    "Embedding",
    System(
        formula=formulas.embedding,
        tensors=lambda v, d: [Tensor("embeddings", (v, d), "a row for each word")],
        letters={"v": "input_dim", "d": "output_dim"},
        inputs=None,
        output="d",
    ),
)


def _conv(C, F, *sides, use_bias):
    bias = [Tensor("bias", (F,), "added in every filter")]
    return [Tensor("kernel", (*sides, C, F), "the same at every place"), *(bias if use_bias else [])]


def _last_axis(config: dict) -> bool:
    return config["axis"] in (-1, [-1])


def _plain_convolution(config: dict) -> bool:
    return config["data_format"] == "channels_last" and config["groups"] == 1


register(
    "Conv1D",
    System(
        formula=lambda C, F, k1, use_bias: formulas.conv(C, F, k1, use_bias=use_bias),
        tensors=lambda C, F, k1, use_bias: _conv(C, F, k1, use_bias=use_bias),
        letters={"F": "filters", "k1": lambda config: config["kernel_size"][0]},
        flags=("use_bias",),
        inputs="C",
        output="F",
        covers=_plain_convolution,
    ),
)
register(
    "Conv2D",
    System(
        formula=lambda C, F, k1, k2, use_bias: formulas.conv(C, F, k1, k2, use_bias=use_bias),
        tensors=lambda C, F, k1, k2, use_bias: _conv(C, F, k1, k2, use_bias=use_bias),
        letters={
            "F": "filters",
            "k1": lambda config: config["kernel_size"][0],
            "k2": lambda config: config["kernel_size"][1],
        },
        flags=("use_bias",),
        inputs="C",
        output="F",
        covers=_plain_convolution,
    ),
)


def _normalization(m, scale, center):
    gain, shift = Tensor("gamma", (m,), "gain of each feature"), Tensor("beta", (m,), "shift of each feature")
    return ([gain] if scale else []) + ([shift] if center else [])


register(
    "LayerNormalization",
    System(
        formula=formulas.layer_normalization,
        tensors=_normalization,
        flags=("scale", "center"),
        output="m",
        covers=lambda config: _last_axis(config) and not config.get("rms_scaling"),
    ),
)
register(
    "BatchNormalization",
    System(
        formula=formulas.batch_normalization,
        tensors=lambda m, scale, center: [
            *_normalization(m, scale, center),
            Tensor("moving_mean", (m,), "running mean, not trained", trainable=False),
            Tensor("moving_variance", (m,), "running variance, not trained", trainable=False),
        ],
        flags=("scale", "center"),
        output="m",
        covers=lambda config: _last_axis(config) and not config.get("renorm"),
    ),
)

# Layers of Keras that hold no weights whatever their arguments.
WEIGHTLESS = (
    "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "AveragePooling1D",
    "AveragePooling2D", "AveragePooling3D", "CategoryEncoding", "Concatenate", "Cropping1D", "Cropping2D",
    "Cropping3D", "Dot", "Dropout", "ELU", "Flatten", "GaussianDropout", "GaussianNoise",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D",
    "GlobalMaxPooling2D", "GlobalMaxPooling3D", "Identity", "InputLayer", "LeakyReLU", "Masking", "Maximum",
    "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Minimum", "Multiply", "Permute", "ReLU", "RepeatVector",
    "Rescaling", "Reshape", "Softmax", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Subtract",
    "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D",
    "ZeroPadding3D",
)  # fmt: skip

for kind in WEIGHTLESS:
    register(kind, System(formula=lambda: 0, tensors=lambda: [], inputs=None))
