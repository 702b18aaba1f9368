import { GreetReply, GreetRequest, Greeter, registerGreeter } from "@wplug-examples/helloworld-contract/assembly";

class MorningGreeter implements Greeter {
  sayHello(request: GreetRequest): GreetReply {
    return { message: "Good morning, " + request.name };
  }
}

registerGreeter(new MorningGreeter());
