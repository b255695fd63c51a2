using System.Net;
using System.Text;
using FastGate.Commands.Doctor;
using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Parsing of what the system and Ollama print.</summary>
[TestClass]
public sealed class ReadingTests
{
    [TestMethod]
    public void ProcNet_ListsListeningSockets()
    {
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 "
                + "4711 1 0 100 0 0 10 0",
            "   1: 0100007F:2CAA 0100007F:1234 01 00000000:00000000 00:00000000 00000000   998        0 "
                + "4712 1 0 100 0 0 10 0",
            "   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A "
                + "00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0",
        ];
        Assert.AreEqual(
            "127.0.0.1:11434 998 4711, [::1]:80 0 4713",
            string.Join(", ", ProcNet.Parse(table).Select(row => $"{row.EndPoint} {row.User} {row.Inode}"))
        );
    }

    [TestMethod]
    public void Lsof_ListsListeningSockets() =>
        Assert.AreEqual(
            "127.0.0.1:11434 ollama 501 vm, [::]:5000 ControlCe 402 root, [::1]:631 cupsd 9 root",
            string.Join(
                ", ",
                LsofOutput
                    .Parse(
                        "p501\ncollama\nLvm\nf3\nn127.0.0.1:11434\np402\ncControlCe\nLroot\nf5\n"
                            + "n*:5000\nf6\nn*:5000\np9\nccupsd\nLroot\nf1\nn[::1]:631\nf2\nnnonsense\n"
                    )
                    .Select(socket => $"{socket.EndPoint} {socket.Program} {socket.ProcessId} {socket.Owner}")
            )
        );

    [TestMethod]
    public void Netstat_ListsSocketsOfAllUsers() =>
        Assert.AreEqual(
            "0.0.0.0:5000 [::]:5000 127.0.0.1:11434 [::1]:631 [fe80::1]:80",
            string.Join(
                ' ',
                NetstatOutput.Parse(
                    """
                    Active Internet connections (including servers)
                    Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
                    tcp4       0      0  *.5000                 *.*                    LISTEN
                    tcp46      0      0  *.5000                 *.*                    LISTEN
                    tcp4       0      0  127.0.0.1.11434        *.*                    LISTEN
                    tcp4       0      0  127.0.0.1.11434        127.0.0.1.50000        ESTABLISHED
                    tcp6       0      0  ::1.631                *.*                    LISTEN
                    tcp6       0      0  fe80::1%lo0.80         *.*                    LISTEN
                    udp4       0      0  *.68                   *.*
                    """
                )
            )
        );

    [TestMethod]
    public void SocketInBothLists_IsListedOnce()
    {
        IReadOnlyList<ListeningSocket> known = LsofOutput.Parse("p5\ncollama\nLvm\nf3\nn*:11434\n");
        Assert.AreEqual(
            "[::]:11434 (ollama, pid 5), 0.0.0.0:22",
            string.Join(
                ", ",
                ListeningSockets
                    .Merge(
                        known,
                        [
                            new IPEndPoint(IPAddress.Any, 11434),
                            new IPEndPoint(IPAddress.IPv6Any, 11434),
                            new IPEndPoint(IPAddress.Any, 22),
                        ]
                    )
                    .Select(socket => socket.Description)
            )
        );
    }

    [TestMethod]
    [DataRow("0.0.0.0", "10.0.0.5", true)]
    [DataRow("::", "10.0.0.5", true)]
    [DataRow("0.0.0.0", "fd7a:115c:a1e0::1", false)]
    [DataRow("127.0.0.1", "10.0.0.5", false)]
    public void Wildcard_TakesConnectionsToEveryAddress(string listening, string address, bool expected) =>
        Assert.AreEqual(
            expected,
            new ListeningSocket(new IPEndPoint(IPAddress.Parse(listening), 1), "", 0, "").Takes(
                new IPEndPoint(IPAddress.Parse(address), 1)
            )
        );

    [TestMethod]
    public void TailscaleStatus_IsRead()
    {
        TailscaleStatus status = TailscaleStatus.Parse(LinuxTools.Status("Stopped", hasInterface: false))!;
        Assert.AreEqual(
            "1.90.1 Stopped False box.tail1234.ts.net 2 False",
            $"{status.Version} {status.State} {status.HasInterface} {status.Name} {status.Addresses.Count} {status.HasMagicDns}"
        );
        Assert.IsNull(TailscaleStatus.Parse("failed to connect"));
    }

    [TestMethod]
    public void UnitState_IsRead()
    {
        UnitState state = UnitState.Parse(LinuxTools.Failed);
        Assert.AreEqual("True False 41 2", $"{state.Exists} {state.IsRunning} {state.Restarts} {state.LastExit}");
        Assert.IsFalse(UnitState.Parse(LinuxTools.NoUnit).Exists);
        Assert.IsTrue(UnitState.Parse(LinuxTools.Unit).IsRunning);
    }

    [TestMethod]
    public void Events_AreReadAtEveryCut()
    {
        byte[] stream = Encoding.UTF8.GetBytes(
            ": hello\n\nevent: a\r\ndata: grün\r\n\r\ndata:1\ndata: 2\n\nevent: none\n\ndata: [DONE]\n\n"
        );
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            EventReader reader = new();
            reader.Add(stream.AsSpan(0, cut), TimeSpan.FromSeconds(1));
            reader.Add(stream.AsSpan(cut), TimeSpan.FromSeconds(2));
            Assert.AreEqual(
                "a=grün|=1\n2|=[DONE]",
                string.Join('|', reader.Events.Select(item => $"{item.Name}={item.Data}")),
                $"cut at {cut}"
            );
        }
    }

    [TestMethod]
    [DataRow(
        "message_start content_block_start content_block_delta content_block_stop message_delta message_stop",
        null
    )]
    [DataRow(
        "message_start ping content_block_start content_block_delta content_block_stop "
            + "content_block_start content_block_delta content_block_stop message_delta message_stop",
        null
    )]
    [DataRow(
        "content_block_start content_block_delta content_block_stop message_delta message_stop",
        "the first event is not message_start"
    )]
    [DataRow(
        "message_start content_block_start content_block_delta content_block_stop message_stop",
        "the last events are not message_delta and message_stop"
    )]
    [DataRow("message_start content_block_delta message_delta message_stop", "content_block_delta is out of order")]
    [DataRow(
        "message_start content_block_start content_block_delta message_delta message_stop",
        "the last block does not stop"
    )]
    [DataRow(
        "message_start content_block_start content_block_start message_delta message_stop",
        "content_block_start is out of order"
    )]
    [DataRow("message_start message_delta message_stop", "no event has a delta")]
    [DataRow("", "the first event is not message_start")]
    public void EventsOfAMessage_AreCheckedInTheirOrder(string names, string? problem) =>
        Assert.AreEqual(
            problem,
            AnthropicChecks.Sequence([.. names.Split(' ').Select(name => new StreamEvent(name, "{}", default))])
        );

    [TestMethod]
    [DataRow("chunk chunk end [DONE]", null)]
    [DataRow("chunk end", "the stream does not end with [DONE]")]
    [DataRow("chunk [DONE]", "no event has a finish_reason")]
    [DataRow("{} [DONE]", "an event is not a chat.completion.chunk")]
    [DataRow("[DONE]", "no event has a delta")]
    public void EventsOfAChat_AreCheckedInTheirOrder(string words, string? problem) =>
        Assert.AreEqual(
            problem,
            OpenAiChecks.ChatSequence([
                .. words
                    .Split(' ')
                    .Select(word => new StreamEvent(
                        "",
                        word switch
                        {
                            "chunk" =>
                                """{"object":"chat.completion.chunk","choices":[{"delta":{},"finish_reason":null}]}""",
                            "end" =>
                                """{"object":"chat.completion.chunk","choices":[{"delta":{},"finish_reason":"stop"}]}""",
                            _ => word,
                        },
                        default
                    )),
            ])
        );
}
