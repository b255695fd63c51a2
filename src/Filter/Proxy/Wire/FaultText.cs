using System.Text;

namespace FastGate.Proxy.Wire;

/// <summary>How a fault is reported: the status of the reply (0: no reply), a log word, and a sentence.</summary>
internal sealed class FaultText(int status, string word, string sentence)
{
    private readonly byte[] _logWord = Encoding.ASCII.GetBytes("fault-" + word);
    private readonly byte[] _sentenceUtf8 = Encoding.UTF8.GetBytes(sentence);

    public int Status => status;

    /// <summary>In kebab-case, without the prefix that it has in the log.</summary>
    public string Word => word;

    /// <summary>What is wrong and what to do. It completes "FastGate refused this request: …", so it has no full
    /// stop.</summary>
    public string Sentence => sentence;

    /// <summary><c>fault-</c> and the word, encoded once so that logging a fault allocates nothing.</summary>
    public ReadOnlySpan<byte> LogWord => _logWord;

    public ReadOnlySpan<byte> SentenceUtf8 => _sentenceUtf8;
}
