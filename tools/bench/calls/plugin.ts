import { Blob, Echo, Host, registerEcho } from "@generated/contract/assembly";

class TheEcho implements Echo {
  plain(request: Blob): Blob {
    return request;
  }

  asked(request: Blob): Blob {
    return new Host().answer(request);
  }
}

registerEcho(new TheEcho());
