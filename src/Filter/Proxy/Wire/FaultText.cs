using System.Text;

namespace FastGate.Proxy.Wire;

/// <summary>What is said of a fault: the status of the reply (0 = none), the word in the log, the sentence for
/// people.</summary>
internal sealed class FaultText(int status, string word, string sentence)
{
    private readonly byte[] _logWord = Encoding.ASCII.GetBytes("fault-" + word);
    private readonly byte[] _sentenceUtf8 = Encoding.UTF8.GetBytes(sentence);

    public int Status => status;

    /// <summary>In kebab-case, without the prefix that the log gives it.</summary>
    public string Word => word;

    /// <summary>What is wrong and what to do; completes "FastGate refused this request: …", so it has no full
    /// stop.</summary>
    public string Sentence => sentence;

    /// <summary><c>fault-</c> and the word, made once so that logging a fault allocates nothing.</summary>
    public ReadOnlySpan<byte> LogWord => _logWord;

    public ReadOnlySpan<byte> SentenceUtf8 => _sentenceUtf8;
}
