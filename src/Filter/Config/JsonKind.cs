namespace FastGate.Config;

/// <summary>What a JSON value is.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
