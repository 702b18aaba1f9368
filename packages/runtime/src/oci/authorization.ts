import type { RegistryCredentials } from "../options/oci-options.js";
import { isObject } from "./artifact.js";
import { parseChallenges, type Challenge } from "./challenge.js";
import { isLoopback } from "./reference.js";
import { RegistryError } from "./registry-error.js";
import { isSafe, originOf, type Answer, type Transport } from "./transport.js";

export type FindCredentials = (
  host: string,
) => RegistryCredentials | undefined | Promise<RegistryCredentials | undefined>;

interface Token {
  readonly authorization: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Most bytes of an answer with a token. */
const TOKEN_MAX = 1 << 20;
/** Seconds that a token lives unless it says so: https://distribution.github.io/distribution/spec/auth/token/ */
const LIFETIME = 60;

/**
 * What a registry is told of who asks. Nothing is until it wants to know, and credentials are not looked for before: most
 * plugins are for everybody.
 */
export class Authorization {
  private readonly tokens = new Map<string, Token>();
  /** Those that are under way, so that requests at the same time ask for one together. */
  private readonly asked = new Map<string, Promise<Token>>();
  private credentials: Promise<RegistryCredentials | undefined> | undefined;
  /** Why credentials could not be had; told when nothing goes without them. */
  private problem: RegistryError | undefined;

  constructor(
    private readonly host: string,
    private readonly find: FindCredentials,
    private readonly transport: Transport,
  ) {}

  /** @param scopes that the request needs */
  get(scopes: readonly string[]): string | undefined {
    const token = this.tokens.get(keyOf(scopes));
    return token !== undefined && token.until > Date.now() ? token.authorization : undefined;
  }

  /**
   * Does what a registry asks for with status 401.
   *
   * @throws RegistryError if that can't be done
   */
  async obey(answer: Answer, scopes: readonly string[]): Promise<void> {
    const key = keyOf(scopes);
    let asked = this.asked.get(key);
    if (asked === undefined) {
      asked = this.ask(answer, scopes).finally(() => this.asked.delete(key));
      this.asked.set(key, asked);
    }
    this.tokens.set(key, await asked);
  }

  private ask(answer: Answer, scopes: readonly string[]): Promise<Token> {
    const challenges = parseChallenges(answer.header("www-authenticate") ?? "");
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"),
    );
    return bearer === undefined ? this.basic(challenges) : this.token(bearer, scopes);
  }

  /** What a person is told whose request was refused. */
  async refusal(): Promise<string> {
    const credentials = await this.given();
    if (this.problem !== undefined) return this.problem.message;
    return credentials === undefined
      ? `${this.host} wants a user and a password: docker login ${this.host}`
      : `${this.host} does not accept the credentials, or they are not for this repository: docker login ${this.host}`;
  }

  private async basic(challenges: readonly Challenge[]): Promise<Token> {
    const credentials = await this.given();
    const accepts = challenges.some(({ scheme }) => scheme === "basic");
    if (!accepts || credentials === undefined || !("username" in credentials)) {
      throw new RegistryError(await this.refusal(), { status: 401 });
    }
    return { authorization: basic(credentials), until: Infinity };
  }

  private async token({ parameters }: Challenge, scopes: readonly string[]): Promise<Token> {
    const credentials = await this.given();
    if (credentials !== undefined && "registryToken" in credentials) {
      return { authorization: `Bearer ${credentials.registryToken}`, until: Infinity };
    }
    const realm = this.realmOf(parameters.get("realm") ?? "");
    const wanted = [...new Set([...scopes, ...(parameters.get("scope")?.split(" ") ?? [])])];
    const service = parameters.get("service") ?? "";
    const answer =
      credentials !== undefined && "identityToken" in credentials
        ? await this.transport.request(realm, {
            method: "POST",
            body: new URLSearchParams({
              grant_type: "refresh_token",
              refresh_token: credentials.identityToken,
              client_id: "wplug",
              service,
              scope: wanted.join(" "),
            }),
          })
        : await this.askForToken(realm, service, wanted, credentials);
    if (answer.status !== 200) {
      await answer.discard();
      const { status } = answer;
      if (status === 401 || status === 403) {
        throw new RegistryError(await this.refusal(), { status });
      }
      throw new RegistryError(
        `${this.host}: ${originOf(realm)}, where it sends its users for a token, answers with HTTP status ${status}`,
        { status },
      );
    }
    return this.readToken(realm, await answer.read(TOKEN_MAX, `the token of ${this.host}`));
  }

  private askForToken(
    realm: URL,
    service: string,
    scopes: readonly string[],
    credentials: RegistryCredentials | undefined,
  ): Promise<Answer> {
    const url = new URL(realm);
    if (service !== "") url.searchParams.set("service", service);
    for (const scope of scopes) url.searchParams.append("scope", scope);
    const authorization =
      credentials !== undefined && "username" in credentials ? basic(credentials) : undefined;
    return this.transport.request(url, { authorization, follow: false });
  }

  private realmOf(text: string): URL {
    let realm: URL | undefined;
    try {
      realm = new URL(text);
    } catch {
      // Reported below.
    }
    if (realm !== undefined && isSafe(realm, this.host)) return realm;
    const where = realm === undefined ? "something that is no URL" : originOf(realm);
    const rule = isLoopback(this.host) ? "on this machine or https" : "https";
    throw new RegistryError(
      `${this.host} sends its users for a token to ${where}, which is not ${rule}`,
    );
  }

  private readToken(realm: URL, bytes: Uint8Array): Token {
    let json: unknown;
    try {
      json = JSON.parse(Buffer.from(bytes).toString());
    } catch {
      // What the parser says would quote it.
    }
    const { token, access_token, expires_in } = isObject(json) ? json : {};
    const text = token ?? access_token;
    if (typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text)) {
      throw new RegistryError(`${this.host}: ${originOf(realm)} answers without a token`);
    }
    const lifetime =
      typeof expires_in === "number" && expires_in > LIFETIME ? expires_in : LIFETIME;
    // A little earlier, as the clocks of others are not ours.
    return { authorization: `Bearer ${text}`, until: Date.now() + (lifetime - 10) * 1000 };
  }

  private given(): Promise<RegistryCredentials | undefined> {
    this.credentials ??= (async () => this.find(this.host))().catch((error: unknown) => {
      if (!(error instanceof RegistryError)) throw error;
      this.problem = error;
      return undefined;
    });
    return this.credentials;
  }
}

function keyOf(scopes: readonly string[]): string {
  return [...scopes].sort().join(" ");
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
