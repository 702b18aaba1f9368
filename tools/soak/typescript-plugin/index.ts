import { Host, registerSoak, type Soak, type Text } from "@generated/contract/plugin";

/** Leaves behind what a collector has to find: circles, promises that are settled, and timers that have run. */
class TheSoak implements Soak {
  async echo(request: Text): Promise<Text> {
    const circle: { self?: object; readonly text: string } = { text: request.text };
    circle.self = circle;
    if (request.more.length === 0) await new Promise((resolve) => setTimeout(resolve, 0, circle));
    return new Host().answer(request);
  }
}

registerSoak(new TheSoak());
