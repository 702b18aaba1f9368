import { Host, registerSoak, Soak, Text } from "@generated/contract/assembly";

class TheSoak implements Soak {
  echo(request: Text): Text {
    return new Host().answer(request);
  }
}

registerSoak(new TheSoak());
