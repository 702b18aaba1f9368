import { GreetReply, GreetRequest, Greeter, registerGreeter } from "@wplug-examples/helloworld-contract/assembly";

class EveningGreeter implements Greeter {
  sayHello(request: GreetRequest): GreetReply {
    return { message: "Good evening, " + request.name };
  }
}

registerGreeter(new EveningGreeter());
