using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastGate.Commands.Warm;

/// <summary>The words behind a progress bar.</summary>
internal sealed class FiguresColumn : ProgressColumn
{
    // Written by who works, read by the console's own timer: a reference is written whole.
    private volatile string _says = "";

    public string Says
    {
        get => _says;
        set => _says = value;
    }

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(_says);
}
