using System.Text;
using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class SpaceSavingTests
{
    private const int Counters = 16;

    private readonly SpaceSaving _counts = new(Counters, keyBytesMax: 8);

    [TestMethod]
    public void FewKeys_AreCountedExactly()
    {
        for (int i = 0; i < 1000; i++)
            _counts.Add(Key(i % Counters), tag: i);
        foreach (FrequentKey key in _counts.Read())
        {
            int number = int.Parse(Encoding.ASCII.GetString(key.Key));
            int expected = number < 1000 % Counters ? 63 : 62;
            Assert.AreEqual((expected, expected), (key.CountMin, key.CountMax));
            Assert.AreEqual(number, key.Tag % Counters);
            Assert.IsGreaterThan(1000 - Counters - 1, key.Tag, "the latest tag");
        }
        Assert.AreEqual(Counters, _counts.Read().Count());
    }

    /// <summary>The guarantees of the algorithm, for a stream in which few keys are frequent and most occur once.</summary>
    [TestMethod]
    public void Counts_AreWithinTheirError_AndNoFrequentKeyIsMissing()
    {
        Random random = new(1);
        Dictionary<string, long> truth = [];
        const int all = 50_000;
        for (int i = 0; i < all; i++)
        {
            int key = random.Next(3) == 0 ? 1_000_000 + i : (int)(1 / (random.NextDouble() + 1e-5));
            _counts.Add(Key(key), 0);
            string text = Encoding.ASCII.GetString(Key(key));
            truth[text] = truth.GetValueOrDefault(text) + 1;
        }
        Dictionary<string, FrequentKey> found = _counts.Read().ToDictionary(key => Encoding.ASCII.GetString(key.Key));
        Assert.AreEqual(all, found.Values.Sum(key => key.CountMax));
        foreach ((string text, FrequentKey key) in found)
        {
            Assert.IsInRange(key.CountMin, key.CountMax, truth[text]);
            Assert.IsLessThanOrEqualTo(all / Counters, key.CountMax - key.CountMin);
        }
        foreach ((string text, long count) in truth.Where(pair => pair.Value > all / Counters))
            Assert.IsTrue(found.ContainsKey(text), $"{text} occurred {count} times");
    }

    [TestMethod]
    public void LongKey_IsCut()
    {
        _counts.Add("123456789"u8, 0);
        _counts.Add("12345678"u8, 0);
        _counts.Add(default, 0);
        Assert.AreEqual(
            " 1, 12345678 2",
            string.Join(
                ", ",
                _counts.Read().Select(key => $"{Encoding.ASCII.GetString(key.Key)} {key.CountMin}").Order()
            )
        );
    }

    [TestMethod]
    public void Adding_AllocatesNothing()
    {
        byte[] key = new byte[8];
        Add(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Add(100_000);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Add(int times)
        {
            for (int i = 0; i < times; i++)
            {
                BitConverter.TryWriteBytes(key, i);
                _counts.Add(key, i);
            }
        }
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"{number}");
}
