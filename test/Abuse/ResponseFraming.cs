namespace FastGate.Test.Abuse;

/// <summary>How an answer says where it ends.</summary>
internal enum ResponseFraming
{
    Length,
    Chunked,
    UntilClose,

    /// <summary>Never: it goes on as long as somebody takes it.</summary>
    Endless,
}
