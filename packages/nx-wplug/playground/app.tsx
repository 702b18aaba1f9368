import { fromJson, toBinary } from "@bufbuild/protobuf";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { type Contract, jsonOf, messageOf, readContract } from "./contract";
import { Facts } from "./facts";
import { toHex } from "./hex";
import { type Call, History } from "./history";
import { HostMocks, NO_ANSWER } from "./host-mocks";
import { type Json, type Path, withValue } from "./json";
import { JsonBox } from "./json-box";
import { MessageForm } from "./message-form";
import {
  checkSize,
  hostFunctionsOf,
  openPlugin,
  type OpenedPlugin,
  type Rpc,
  rpcsOf,
} from "./plugin";
import type { Mock, Outcome, Settings } from "./protocol";
import { Session } from "./session";
import { SettingsForm } from "./settings-form";
import { readLink, writeLink } from "./share-link";
import { fetchStart, type Start } from "./start";

interface Answer extends Outcome {
  readonly request: Uint8Array;
  readonly json: string | undefined;
}

/** @param program address of the script that workers run */
export function App({ program, start }: { program: string; start: Start }) {
  const [plugin, setPlugin] = useState<OpenedPlugin>();
  const [sharedContract, setSharedContract] = useState<Contract>();
  const [chosen, setChosen] = useState("");
  const [requests, setRequests] = useState<Record<string, Json>>({});
  const [asJson, setAsJson] = useState(false);
  const [mocks, setMocks] = useState<Record<string, Mock>>({});
  const [settings, setSettings] = useState<Settings>({
    time: 5000,
    memory: 256,
    files: [],
    env: "",
  });
  const [answer, setAnswer] = useState<Answer>();
  const [history, setHistory] = useState<readonly Call[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [status, setStatus] = useState("");
  const session = useRef<Session | undefined>(undefined);

  const contract = plugin?.contract ?? (plugin === undefined ? sharedContract : undefined);
  const rpcs = useMemo(
    () => (contract === undefined ? [] : rpcsOf(contract, plugin?.inspection)),
    [contract, plugin],
  );
  const rpc = rpcs.find(({ method }) => method.wasmName === chosen) ?? rpcs[0];
  const key = rpc?.method.wasmName ?? "";
  const request = requests[key] ?? {};

  /** Whatever decides how the plugin runs has changed: the next call starts it anew. */
  const restart = () => {
    session.current?.end();
    session.current = undefined;
  };

  const attempt = async (work: () => Promise<void>) => {
    setProblem("");
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  const open = async (name: string, wasm: Uint8Array) => {
    const opened = await openPlugin(name, wasm);
    restart();
    setPlugin(opened);
    setAnswer(undefined);
    setStatus(`${name} is open.`);
  };

  const openFile = (file: File | undefined) => {
    if (file === undefined) return;
    void attempt(async () => {
      checkSize(file.size);
      await open(file.name, new Uint8Array(await file.arrayBuffer()));
    });
  };

  const openUrl = (url: string) =>
    attempt(async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} can't be read: HTTP status ${response.status}`);
      await open(url, new Uint8Array(await response.arrayBuffer()));
    });

  useEffect(() => {
    void attempt(async () => {
      if (location.hash.length > 1) {
        const shared = await readLink(location.hash);
        const read = await readContract(shared.contract);
        setSharedContract(read);
        const found = rpcsOf(read, undefined).find(
          (it) => it.service.typeName === shared.service && it.method.name === shared.method,
        );
        if (found !== undefined) {
          setChosen(found.method.wasmName);
          setRequests({ [found.method.wasmName]: shared.request });
        }
        setStatus("The link has a contract and a request. Open a plugin to call it.");
      }
      await fetchStart(start, (name, wasm) => attempt(() => open(name, wasm)));
    });
  }, []);

  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      openFile(event.dataTransfer?.files[0]);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);

  const edit = useMemo(
    () => (path: Path, value: Json | undefined) =>
      setRequests((all) => {
        const [name = "", ...rest] = path;
        return { ...all, [name]: withValue(all[String(name)], rest, value) };
      }),
    [],
  );

  const call = (at: Rpc, json: Json) =>
    attempt(async () => {
      if (plugin?.contract === undefined) throw new Error("Open a plugin first.");
      const { contract } = plugin;
      const { registry } = contract;
      const input = messageOf(contract, at.method.input);
      const output = messageOf(contract, at.method.output);
      const bytes = toBinary(input, fromJson(input, json, { registry }));
      session.current ??= new Session(program, {
        wasm: plugin.wasm,
        service: at.service.typeName,
        version: at.service.version ?? 1,
        hostFunctions: hostFunctionsOf(plugin).map((it) => {
          const [module = "", ...name] = it.wasmName.split(".");
          const mock = mocks[it.wasmName] ?? NO_ANSWER;
          return { module, name: name.join("."), input: it.input, output: it.output, mock };
        }),
        contract: contract.compressed,
        settings,
      });
      setBusy(true);
      setStatus("Calling…");
      try {
        const outcome = await session.current.call({
          method: at.method.wasmName,
          name: at.method.name,
          request: bytes,
        });
        const shown =
          outcome.answer && JSON.stringify(jsonOf(contract, output, outcome.answer), null, 2);
        setAnswer({ ...outcome, request: bytes, json: shown });
        setStatus(outcome.error === undefined ? "Answered." : "The call failed.");
        const made = {
          rpc: at,
          request: json,
          result: shown ?? outcome.error ?? "",
          time: outcome.time,
        };
        setHistory((before) => [made, ...before].slice(0, 50));
      } finally {
        setBusy(false);
      }
    });

  const replay = (made: Call) => {
    setChosen(made.rpc.method.wasmName);
    setRequests((all) => ({ ...all, [made.rpc.method.wasmName]: made.request }));
    void call(made.rpc, made.request);
  };

  const share = (at: Rpc) =>
    attempt(async () => {
      if (contract === undefined) return;
      location.hash = await writeLink({
        contract: contract.compressed,
        service: at.service.typeName,
        method: at.method.name,
        request,
      });
      await navigator.clipboard?.writeText(location.href).catch(() => {});
      setStatus(
        "The link is in the address bar: it has the contract and this request, not the plugin.",
      );
    });

  return (
    <>
      <header>
        <h1>wplug playground</h1>
        <div class="open">
          <label for="file">Plugin (.wasm)</label>
          <input
            id="file"
            type="file"
            accept=".wasm,application/wasm"
            onChange={(e) => openFile(e.currentTarget.files?.[0])}
          />
          <form
            onSubmit={(e) => {
              e.preventDefault();
              const { value } = e.currentTarget.elements.namedItem("url") as HTMLInputElement;
              void openUrl(value);
            }}
          >
            <label for="url">or its URL</label>
            <input id="url" name="url" type="url" required />
            <button>Open</button>
          </form>
        </div>
        <p role="status">{status}</p>
        {problem !== "" && (
          <p role="alert" class="error">
            {problem}
          </p>
        )}
      </header>
      <main>
        {plugin === undefined && contract === undefined && (
          <p>Drop a plugin anywhere on this page. Nothing of it leaves your browser.</p>
        )}
        {plugin !== undefined && <Facts plugin={plugin} />}
        {rpcs.length > 0 && (
          <nav aria-label="Rpcs">
            {rpcs.map(({ service, method }) => (
              <button
                type="button"
                key={method.wasmName}
                aria-current={method.wasmName === key ? "true" : undefined}
                onClick={() => {
                  // Another service is another client of the plugin.
                  if (service !== rpc?.service) restart();
                  setChosen(method.wasmName);
                  setAnswer(undefined);
                }}
              >
                {service.typeName.split(".").at(-1)}.{method.name}
              </button>
            ))}
          </nav>
        )}
        {rpc !== undefined && contract !== undefined && (
          <section aria-labelledby="rpc">
            <h2 id="rpc">{rpc.method.name}</h2>
            <p class="comment">{[...rpc.service.comment, ...rpc.method.comment].join("\n")}</p>
            <form
              class="request"
              onSubmit={(e) => {
                e.preventDefault();
                void call(rpc, request);
              }}
            >
              <h3>Request: {rpc.method.input}</h3>
              <label>
                <input
                  type="checkbox"
                  checked={asJson}
                  onChange={(e) => setAsJson(e.currentTarget.checked)}
                />{" "}
                as JSON
              </label>
              {asJson ? (
                <JsonBox
                  key={key}
                  aria-label="Request in JSON"
                  rows={10}
                  value={request}
                  onChange={(it) => edit([key], it)}
                />
              ) : (
                <MessageForm
                  key={key}
                  contract={contract}
                  message={messageOf(contract, rpc.method.input)}
                  value={request}
                  path={[key]}
                  edit={edit}
                />
              )}
              <p class="buttons">
                <button class="primary" disabled={busy || plugin === undefined}>
                  Call {rpc.method.name}
                </button>
                <button type="button" onClick={() => void share(rpc)}>
                  Share a link
                </button>
              </p>
            </form>
            {answer !== undefined && <AnswerView answer={answer} type={rpc.method.output} />}
          </section>
        )}
        {plugin !== undefined && (
          <HostMocks
            functions={hostFunctionsOf(plugin)}
            mocks={mocks}
            onChange={(all) => {
              restart();
              setMocks(all);
            }}
          />
        )}
        {plugin?.contract !== undefined && (
          <SettingsForm
            settings={settings}
            onChange={(changed) => {
              restart();
              setSettings(changed);
            }}
          />
        )}
        <History calls={history} onReplay={replay} />
      </main>
    </>
  );
}

function AnswerView({ answer, type }: { answer: Answer; type: string }) {
  const { json, error, output, hostCalls, time, memory } = answer;
  return (
    <section class="answer" aria-label="Answer">
      <h3>Answer: {type}</h3>
      {error !== undefined && (
        <pre class="error" role="alert">
          {error}
        </pre>
      )}
      {json !== undefined && <pre>{json}</pre>}
      <p class="hint">
        {time.toFixed(1)} ms{memory !== undefined && `, ${memory / 1024} KiB of memory`}
      </p>
      {output.map(({ stream, text }, i) => (
        <figure key={i}>
          <figcaption>{stream}</figcaption>
          <pre>{text}</pre>
        </figure>
      ))}
      {hostCalls.map((call, i) => (
        <figure key={i}>
          <figcaption>called {call.name}</figcaption>
          <pre>
            {call.request}
            {"\n→ "}
            {call.answer}
          </pre>
        </figure>
      ))}
      <details>
        <summary>Bytes</summary>
        <p>Request, {answer.request.length} bytes</p>
        <pre>{toHex(answer.request)}</pre>
        {answer.answer !== undefined && (
          <>
            <p>Answer, {answer.answer.length} bytes</p>
            <pre>{toHex(answer.answer)}</pre>
          </>
        )}
      </details>
    </section>
  );
}
