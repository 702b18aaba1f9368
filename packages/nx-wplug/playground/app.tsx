import { fromJson, toBinary } from "@bufbuild/protobuf";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { type Contract, messageOf, readContract } from "./contract";
import { type Answer, AnswerView } from "./answer-view";
import { fittingMocks, fittingRequests } from "./fitting";
import { Facts } from "./facts";
import { type Call, History } from "./history";
import { HostMocks, NO_ANSWER } from "./host-mocks";
import { type Json, type Path, withValue } from "./json";
import { JsonBox } from "./json-box";
import { MessageForm } from "./message-form";
import {
  hostFunctionsOf,
  MOST_BYTES,
  openPlugin,
  type OpenedPlugin,
  type Rpc,
  rpcsOf,
  tooLarge,
} from "./plugin";
import type { Mocks, Outcome, Settings } from "./protocol";
import { readUrl } from "./read-url";
import { Session } from "./session";
import { SettingsForm } from "./settings-form";
import { readLink, writeLink } from "./share-link";
import { fetchStart, type Start } from "./start";

/** What a plugin may have at first. */
const SETTINGS: Settings = {
  time: 5000,
  isMetered: true,
  fuel: undefined,
  memory: 256,
  output: 16 << 10,
  message: 64,
  files: [],
  env: "",
};

/** @param program address of the script that workers run */
export function App({ program, start }: { program: string; start: Start }) {
  const [plugin, setPlugin] = useState<OpenedPlugin>();
  const [sharedContract, setSharedContract] = useState<Contract>();
  const [chosen, setChosen] = useState("");
  const [requests, setRequests] = useState<Record<string, Json>>({});
  const [asJson, setAsJson] = useState(false);
  const [mocks, setMocks] = useState<Mocks>({});
  const [settings, setSettings] = useState(SETTINGS);
  const [answer, setAnswer] = useState<Answer>();
  const [history, setHistory] = useState<readonly Call[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [status, setStatus] = useState("");
  const session = useRef<Session | undefined>(undefined);
  /** Of files that are opened: only the last one is wanted. */
  const opening = useRef(0);

  const contract = plugin?.contract ?? (plugin === undefined ? sharedContract : undefined);
  const rpcs = useMemo(
    () => (contract === undefined ? [] : rpcsOf(contract, plugin?.inspection)),
    [contract, plugin],
  );
  const rpc = rpcs.find(({ method }) => method.wasmName === chosen) ?? rpcs[0];
  const key = rpc?.method.wasmName ?? "";
  const request = requests[key] ?? {};

  /** Whatever decides how the plugin runs has changed: the next call starts it anew. */
  const restart = (reason?: string) => {
    session.current?.end(reason);
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

  /** @param done says that it is open; what is filled in for a former build of it stays as far as it fits */
  const open = (name: string, read: () => Promise<Uint8Array>, done = `${name} is open.`) =>
    attempt(async () => {
      const number = ++opening.current;
      setStatus(`Opening ${name}…`);
      try {
        const opened = await openPlugin(name, await read());
        if (number !== opening.current) return;
        restart(`It was ended, as ${name} was opened.`);
        setPlugin(opened);
        setAnswer(undefined);
        const { contract } = opened;
        if (contract !== undefined) {
          setRequests((all) => fittingRequests(contract, all));
          setMocks((all) => fittingMocks(contract, all));
        }
        setStatus(done);
      } catch (error) {
        if (number !== opening.current) return;
        setStatus("");
        throw error;
      }
    });

  const openFile = (file: File | undefined) => {
    if (file === undefined) return;
    void open(file.name, async () => {
      if (file.size > MOST_BYTES) throw new Error(tooLarge(file.name));
      return new Uint8Array(await file.arrayBuffer());
    });
  };

  const openUrl = (url: string) => open(url, () => readUrl(url));

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
      await fetchStart(start, open);
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

  const editMock = useMemo(
    () => (path: Path, value: Json | undefined) =>
      setMocks((all) => {
        const [name = "", ...rest] = path;
        const mock = all[name] ?? NO_ANSWER;
        return { ...all, [name]: { ...mock, answer: withValue(mock.answer, rest, value) } };
      }),
    [],
  );

  const call = (at: Rpc, json: Json) =>
    attempt(async () => {
      if (plugin?.contract === undefined) throw new Error("Open a plugin first.");
      const { contract } = plugin;
      const input = messageOf(contract, at.method.input);
      const bytes = toBinary(input, fromJson(input, json, { registry: contract.registry }));
      session.current ??= new Session(program, {
        wasm: plugin.wasm,
        service: at.service.typeName,
        version: at.service.version ?? 1,
        hostFunctions: hostFunctionsOf(plugin).map((it) => {
          const [module = "", ...name] = it.wasmName.split(".");
          return { module, name: name.join("."), input: it.input, output: it.output };
        }),
        contract: contract.compressed,
        settings,
        mocks,
      });
      setBusy(true);
      setStatus("Calling…");
      const outcome = await session.current.call({
        method: at.method.wasmName,
        name: at.method.name,
        output: at.method.output,
        request: bytes,
        mocks,
      });
      setBusy(false);
      setAnswer({ ...outcome, request: bytes });
      setStatus(outcome.error === undefined ? "Answered." : "The call failed.");
      const made = { rpc: at, request: json, result: resultOf(outcome), time: outcome.time };
      setHistory((before) => [made, ...before].slice(0, 50));
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
                  if (service !== rpc?.service) restart("It was ended, as another was chosen.");
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
                {busy && (
                  <button type="button" onClick={() => restart("It was stopped.")}>
                    Stop
                  </button>
                )}
                <button type="button" onClick={() => void share(rpc)}>
                  Share a link
                </button>
              </p>
            </form>
            {answer !== undefined && <AnswerView answer={answer} type={rpc.method.output} />}
          </section>
        )}
        {plugin?.contract !== undefined && (
          <HostMocks
            contract={plugin.contract}
            functions={hostFunctionsOf(plugin)}
            mocks={mocks}
            edit={editMock}
            onChange={(name, mock) => setMocks((all) => ({ ...all, [name]: mock }))}
          />
        )}
        {plugin?.contract !== undefined && (
          <SettingsForm
            settings={settings}
            onChange={(changed) => {
              restart("It was ended, as a setting changed.");
              setSettings(changed);
            }}
          />
        )}
        <History calls={history} onReplay={replay} />
      </main>
    </>
  );
}

function resultOf({ error, shown }: Outcome): string {
  if (error !== undefined) return error;
  if (shown === undefined) return "";
  return "json" in shown ? shown.json : shown.problem;
}
