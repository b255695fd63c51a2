using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Doctor;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Test.Support;

/// <summary>
/// A network namespace, initially empty. A small program that waits for the end of its input holds it, so that it is
/// removed with the test however that ends. Linux, as root.
/// </summary>
internal sealed class NetNamespace : IAsyncDisposable
{
    private readonly ChildProcess _holder;
    private readonly string _processFolder;

    private NetNamespace(ChildProcess holder, string processFolder)
    {
        _holder = holder;
        _processFolder = processFolder;
    }

    private string Path => $"{_processFolder}/ns/net";

    /// <summary>
    /// Creates a namespace with its loopback up; where that is not permitted, the test is inconclusive.
    /// </summary>
    public static async Task<NetNamespace> MakeAsync()
    {
        if (!OperatingSystem.IsLinux())
            Required.Missing("network namespaces (Linux)");
        Required.Tool("nsenter");
        Required.Tool("ip");
        ChildProcess holder = ChildProcess.Start(Required.Tool("unshare"), ["--net", "sh", "-c", "echo $$; exec cat"]);
        string? pid = await holder.ReadLineAsync();
        if (pid is null)
            Required.Missing("permission to create network namespaces (root, CAP_SYS_ADMIN)");
        NetNamespace made = new(holder, $"/proc/{pid}");
        await made.IpAsync("link set lo up");
        return made;
    }

    /// <summary>The program and arguments that run another program in the namespace.</summary>
    public (string Program, string[] Arguments) Inside(string program, params string[] arguments) =>
        (Required.Tool("nsenter"), [$"--net={Path}", program, .. arguments]);

    /// <summary>Runs <c>ip</c> in the namespace; it must succeed.</summary>
    public async Task IpAsync(string words)
    {
        (string program, string[] arguments) = Inside(Required.Tool("ip"), words.Split(' '));
        await using ChildProcess ip = ChildProcess.Start(program, arguments);
        (int exitCode, _, string faults) = await ip.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(0, exitCode, $"ip {words}: {faults}");
    }

    /// <summary>
    /// Adds a pair of joined interfaces: one here, which is up, and one in the other namespace, which is still down.
    /// </summary>
    public async Task JoinAsync(string name, NetNamespace other, string otherName)
    {
        await IpAsync($"link add {name} type veth peer name {otherName} netns {other._processFolder[6..]}");
        await IpAsync($"link set {name} up");
    }

    /// <summary>
    /// Runs a function on its own thread, so that the sockets it creates belong to this namespace. They can be used
    /// from any thread.
    /// </summary>
    public T Make<T>(Func<T> make)
    {
        TaskCompletionSource<T> made = new();
        Thread thread = new(() =>
        {
            try
            {
                // The thread ends afterwards: no pool thread may enter the namespace.
                Enter();
                made.SetResult(make());
            }
            catch (Exception exception)
            {
                made.SetException(exception);
            }
        });
        thread.Start();
        return made.Task.GetAwaiter().GetResult();
    }

    /// <summary>Every address with a listener in this network, from the kernel.</summary>
    public IReadOnlyList<IPEndPoint> Listening() => [.. Listening("tcp"), .. Listening("tcp6")];

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private IEnumerable<IPEndPoint> Listening(string table) =>
        ProcNet.Parse(File.ReadAllLines($"{_processFolder}/net/{table}")).Select(socket => socket.EndPoint);

    private void Enter()
    {
        using SafeFileHandle network = File.OpenHandle(Path);
        if (SetNamespace(network, 0) != 0)
            throw new IOException($"setns failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeFileHandle handle, int kind);
}
