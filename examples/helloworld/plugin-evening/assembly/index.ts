import {
  GreetReply,
  GreetRequest,
  Greeter,
  registerGreeter,
} from "@wplug-examples/helloworld-contract/assembly";

class EveningGreeter implements Greeter {
  sayHello(request: GreetRequest): GreetReply {
    const reply = new GreetReply();
    reply.message = "Good evening, " + request.name;
    return reply;
  }
}

registerGreeter(new EveningGreeter());
