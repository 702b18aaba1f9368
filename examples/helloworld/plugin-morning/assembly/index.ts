import {
  GreetReply,
  GreetRequest,
  Greeter,
  registerGreeter,
} from "@wplug-examples/helloworld-contract/assembly";

class MorningGreeter implements Greeter {
  sayHello(request: GreetRequest): GreetReply {
    const reply = new GreetReply();
    reply.message = "Good morning, " + request.name;
    return reply;
  }
}

registerGreeter(new MorningGreeter());
