using FastGate.Proxy.Rules;

namespace FastGate.Commands.Clients;

/// <summary>The clients that FastGate has settings for, most used first. The requests are those that were recorded, or
/// found in the client's source; <c>docs/clients.md</c> repeats the settings, and a test compares them.</summary>
internal static class ClientCatalog
{
    public static IReadOnlyList<Client> All { get; } =
    [
        new("claude-code", "Claude Code")
        {
            Allow = ["@claude-code"],
            Needs = ["POST /v1/messages"],
            Uses = ["HEAD /", "HEAD /api/hello", "POST /v1/messages/count_tokens", "GET /v1/models"],
            Without = "it estimates token counts itself, and loses a round trip to each refused probe",
            // A key of Anthropic's in the environment would be asked about, and preferred to the token.
            // Small tasks go to a model of the Haiku family, which Ollama does not have.
            Settings =
            [
                new(
                    "sh",
                    "ANTHROPIC_BASE_URL=http://HOST:11434 ANTHROPIC_AUTH_TOKEN=ollama ANTHROPIC_API_KEY= "
                        + "ANTHROPIC_DEFAULT_HAIKU_MODEL=MODEL claude --model MODEL"
                ),
            ],
            Note = "The URL must not end in /v1.",
        },
        new("codex", "Codex")
        {
            Allow = ["@codex"],
            Needs = ["POST /v1/responses", "GET /v1/models", "GET /api/version", "GET /api/tags"],
            Settings =
            [
                new("sh", "CODEX_OSS_BASE_URL=http://HOST:11434/v1 codex --oss -m MODEL:TAG"),
                new(
                    "toml",
                    """
                    model = "MODEL:TAG"
                    model_provider = "fastgate"

                    [model_providers.fastgate]
                    name = "Ollama through FastGate"
                    base_url = "http://HOST:11434/v1"
                    wire_api = "responses"
                    """
                )
                {
                    Place = "~/.codex/config.toml",
                },
            ],
            Note = "Write the model's tag: without it, codex --oss asks for a pull, which is refused.",
        },
        new("openai-sdk", "OpenAI SDKs")
        {
            Allow = [Profiles.Seed, "POST /v1/embeddings"],
            Needs = ["POST /v1/chat/completions"],
            Uses = ["POST /v1/responses", "GET /v1/models", "GET /v1/models/{model}", "POST /v1/embeddings"],
            Without = "those calls fail with 403",
            Settings =
            [
                new(
                    "python",
                    """
                    from openai import OpenAI
                    client = OpenAI(base_url="http://HOST:11434/v1", api_key="ollama")
                    """
                ),
                new(
                    "js",
                    """
                    import OpenAI from "openai";
                    const client = new OpenAI({ baseURL: "http://HOST:11434/v1", apiKey: "ollama" });
                    """
                ),
                new("sh", "export OPENAI_BASE_URL=http://HOST:11434/v1 OPENAI_API_KEY=ollama"),
            ],
            Note = "Any API key will do. In .NET, the setting is OpenAIClientOptions.Endpoint.",
        },
        new("anthropic-sdk", "Anthropic SDKs")
        {
            Allow = [Profiles.Seed, "POST /v1/messages/count_tokens"],
            Needs = ["POST /v1/messages"],
            Uses = ["GET /v1/models", "GET /v1/models/{model}", "POST /v1/messages/count_tokens"],
            Without = "those calls fail with 403",
            Settings =
            [
                new(
                    "python",
                    """
                    from anthropic import Anthropic
                    client = Anthropic(base_url="http://HOST:11434", api_key="ollama")
                    """
                ),
                new(
                    "js",
                    """
                    import Anthropic from "@anthropic-ai/sdk";
                    const client = new Anthropic({ baseURL: "http://HOST:11434", apiKey: "ollama" });
                    """
                ),
            ],
            Note = "The URL must not end in /v1.",
        },
        new("aider", "Aider")
        {
            Allow = [Profiles.Seed],
            Needs = ["POST /v1/chat/completions"],
            Settings =
            [
                new("sh", "OPENAI_API_BASE=http://HOST:11434/v1 OPENAI_API_KEY=ollama aider --model openai/MODEL"),
            ],
        },
        new("aider-ollama", "Aider, through Ollama's API")
        {
            Allow = ["@aider"],
            Needs = ["POST /api/chat", "POST /api/show"],
            Uses = ["POST /api/generate", "GET /api/tags"],
            Without = "models named ollama/MODEL, which use /api/generate, fail with 403",
            Settings = [new("sh", "OLLAMA_API_BASE=http://HOST:11434 aider --model ollama_chat/MODEL")],
        },
        new("continue", "Continue")
        {
            Allow = ["@continue"],
            Needs = ["POST /api/chat", "POST /api/show"],
            Uses = ["POST /api/generate", "POST /api/embed", "GET /api/tags"],
            Without = "autocompletion, codebase search or the list of models fails",
            Settings =
            [
                new(
                    "yaml",
                    """
                    models:
                      - name: MODEL
                        provider: ollama
                        model: MODEL
                        apiBase: http://HOST:11434
                    """
                )
                {
                    Place = "~/.continue/config.yaml",
                },
            ],
        },
        new("continue-cli", "Continue, through OpenAI's API")
        {
            Allow = [Profiles.Seed],
            Needs = ["POST /v1/chat/completions"],
            Settings =
            [
                new(
                    "yaml",
                    """
                    models:
                      - name: MODEL
                        provider: openai
                        model: MODEL
                        apiBase: http://HOST:11434/v1
                        apiKey: ollama
                    """
                )
                {
                    Place = "~/.continue/config.yaml",
                },
            ],
        },
        new("open-webui", "Open WebUI")
        {
            Allow = ["@open-webui"],
            Needs = ["GET /api/tags", "POST /api/chat"],
            Uses = ["GET /api/ps", "GET /api/version", "POST /api/generate"],
            Without = "titles and the state of loaded models are missing",
            Settings =
            [
                new(
                    "sh",
                    "docker run -d -p 3000:8080 -e OLLAMA_BASE_URL=http://HOST:11434 ghcr.io/open-webui/open-webui:main"
                ),
            ],
            Note = "In a running one: Admin Settings, Connections, Ollama API.",
        },
        new("ollama-cli", "Ollama CLI")
        {
            Allow = ["@ollama-cli"],
            Needs = ["HEAD /", "POST /api/show", "POST /api/chat", "POST /api/generate"],
            Uses =
            [
                "GET /api/tags",
                "GET /api/ps",
                "GET /api/version",
                "GET /api/status",
                "GET /api/experimental/model-recommendations",
            ],
            Without = "list, ps or launch fails",
            Settings = [new("sh", "OLLAMA_HOST=HOST:11434 ollama run MODEL")],
            Note = "pull, push, create, cp, rm and signin are refused: run them on the gate's machine.",
        },
        new("ollama-sdk", "Ollama SDKs")
        {
            Allow = ["@clients"],
            Needs = ["POST /api/chat", "POST /api/generate"],
            Uses = ["GET /api/tags", "GET /api/ps", "GET /api/version", "POST /api/show", "POST /api/embed"],
            Without = "those calls fail with 403",
            Settings =
            [
                new(
                    "python",
                    """
                    from ollama import Client
                    client = Client(host="http://HOST:11434")
                    """
                ),
                new(
                    "js",
                    """
                    import { Ollama } from "ollama";
                    const client = new Ollama({ host: "http://HOST:11434" });
                    """
                ),
            ],
        },
        .. Editors,
    ];

    private static IEnumerable<Client> Editors =>
        [
            new("zed", "Zed")
            {
                Allow = ["@zed"],
                Needs = ["GET /api/tags", "POST /api/show", "POST /api/chat"],
                Settings =
                [
                    new("json", """{ "language_models": { "ollama": { "api_url": "http://HOST:11434" } } }""")
                    {
                        Place = "settings.json",
                    },
                ],
            },
            new("cline", "Cline")
            {
                Allow = ["@cline"],
                Needs = ["GET /api/tags", "POST /api/chat"],
                Settings = [new("text", "http://HOST:11434") { Place = "Settings, API Provider: Ollama, Base URL" }],
            },
            new("vscode", "VS Code (Copilot Chat)")
            {
                Allow = ["@vscode"],
                Needs = ["GET /api/version", "GET /api/tags", "POST /api/show", "POST /v1/chat/completions"],
                Settings =
                [
                    new("json", """{ "github.copilot.chat.byok.ollamaEndpoint": "http://HOST:11434" }""")
                    {
                        Place = "settings.json",
                    },
                ],
                Note = "Newer versions read the URL from Manage Language Models, Ollama.",
            },
            new("browser", "Page Assist and other browser extensions")
            {
                Allow = ["@clients", Profiles.Browser],
                Needs = ["GET /api/tags", "POST /api/chat", "OPTIONS /api/chat"],
                Uses = ["GET /api/version", "POST /api/generate", "POST /api/embed"],
                Without = "titles, completions or embeddings fail with 403",
                Settings = [new("text", "http://HOST:11434") { Place = "the extension's settings, Ollama URL" }],
                Note = "Ollama also has to accept the extension's origin: set OLLAMA_ORIGINS where it starts.",
            },
            new("curl", "curl")
            {
                Allow = [Profiles.Seed],
                Needs = ["GET /v1/models"],
                Settings = [new("sh", "curl http://HOST:11434/v1/models")],
            },
        ];

    public static Client? Find(string id) => All.FirstOrDefault(client => client.Id == id);
}
