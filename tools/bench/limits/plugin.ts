import { Greeter, registerGreeter, Text } from "@generated/contract/assembly";

class TheGreeter implements Greeter {
  greet(request: Text): Text {
    const answer = new Text();
    answer.text = "Hello, " + request.text;
    return answer;
  }

  spin(request: Text): Text {
    let turns: u64 = 0;
    while (request.text.length > 0) turns++;
    return request;
  }
}

registerGreeter(new TheGreeter());
