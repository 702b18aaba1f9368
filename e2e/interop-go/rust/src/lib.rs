//! The plugin of the matrix in Rust: it does what those in AssemblyScript and Go do.

mod gen;

use gen::interop::library::v1::{counter, LengthRequest};
use gen::interop::v1::*;
use gen::wplug::{Allocator, Error};
use prost_types::{field, value::Kind, EnumValue, Mixin, Timestamp};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

struct Plugin;

register_interop!(Plugin);

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

fn exclaim<K: Ord>(map: &mut std::collections::BTreeMap<K, String>) {
    map.values_mut().for_each(|it| it.push('!'));
}

fn flip<T: Default>(it: Option<T>) -> Option<T> {
    match it {
        Some(_) => None,
        None => Some(T::default()),
    }
}

macro_rules! each {
    ($it:ident: $($field:ident),* => $change:expr) => {
        $($change(&mut $it.$field);)*
    };
}

impl Interop for Plugin {
    fn greet(&self, request: Text) -> Result<Text, Error> {
        Ok(text(format!("Hello, {}", request.text)))
    }

    fn change(&self, mut it: Fields) -> Result<Fields, Error> {
        it.double *= 2.0;
        it.float *= 2.0;
        each!(it: int32, sint32, sfixed32 => |n: &mut i32| *n = n.wrapping_add(1));
        each!(it: int64, sint64, sfixed64 => |n: &mut i64| *n = n.wrapping_add(1));
        each!(it: uint32, fixed32 => |n: &mut u32| *n = n.wrapping_add(1));
        each!(it: uint64, fixed64 => |n: &mut u64| *n = n.wrapping_add(1));
        it.bool = !it.bool;
        it.string.push('!');
        it.bytes.push(0xff);
        it.list.push("last".into());
        it.map.values_mut().for_each(|it| it.number += 1);
        it.map.insert("new".into(), Number::default());
        match &mut it.nested {
            None => it.nested = Some(Default::default()),
            Some(nested) => {
                nested.kind = fields::nested::Kind::Known as i32;
                nested.text.push('!');
            }
        }
        it.color += 1;
        Ok(it)
    }

    fn collect(&self, mut it: Collections) -> Result<Collections, Error> {
        it.doubles.reverse();
        it.floats.reverse();
        each!(it: int32s, sint32s, sfixed32s, colors => |list: &mut Vec<i32>| list.reverse());
        each!(it: int64s, sint64s, sfixed64s => |list: &mut Vec<i64>| list.reverse());
        each!(it: uint32s, fixed32s => |list: &mut Vec<u32>| list.reverse());
        each!(it: uint64s, fixed64s => |list: &mut Vec<u64>| list.reverse());
        it.bools.reverse();
        it.strings.reverse();
        it.bytes.reverse();
        it.numbers.reverse();
        it.unpacked.reverse();
        each!(it: by_int32, by_sint32, by_sfixed32 => exclaim);
        each!(it: by_int64, by_sint64, by_sfixed64 => exclaim);
        each!(it: by_uint32, by_fixed32 => exclaim);
        each!(it: by_uint64, by_fixed64 => exclaim);
        exclaim(&mut it.by_bool);
        exclaim(&mut it.by_string);
        it.double_of.remove("gone");
        it.sint64_of.remove("gone");
        it.fixed32_of.remove("gone");
        it.bool_of.remove("gone");
        it.bytes_of.remove("gone");
        it.color_of.remove("gone");
        it.number_of.remove("gone");
        it.timestamp_of.remove("gone");
        Ok(it)
    }

    fn toggle(&self, it: Presence) -> Result<Presence, Error> {
        Ok(Presence {
            double: flip(it.double),
            float: flip(it.float),
            int32: flip(it.int32),
            int64: flip(it.int64),
            uint32: flip(it.uint32),
            sint64: flip(it.sint64),
            fixed32: flip(it.fixed32),
            sfixed64: flip(it.sfixed64),
            bool: flip(it.bool),
            string: flip(it.string),
            bytes: flip(it.bytes),
            color: flip(it.color),
            number: flip(it.number),
        })
    }

    fn choose(&self, it: Choice) -> Result<Choice, Error> {
        use choice::Choice::*;
        let choice = match it.choice {
            Some(Text(text)) => Some(Number(text.encode_utf16().count() as i32)),
            Some(Number(number)) => Some(Bytes(vec![0; number as usize])),
            Some(Bytes(bytes)) => {
                let number = bytes.len() as i32;
                Some(Message(gen::interop::v1::Number { number }))
            }
            Some(Message(message)) => Some(Flag(message.number == 0)),
            Some(Flag(_)) => None,
            None => Some(Text(String::new())),
        };
        Ok(Choice { choice })
    }

    fn know(&self, mut it: KnownTypes) -> Result<KnownTypes, Error> {
        let missing = || Error::from("a field is missing");
        it.timestamp.as_mut().ok_or_else(missing)?.seconds += 1;
        let duration = it.duration.as_mut().ok_or_else(missing)?;
        duration.seconds = -duration.seconds;
        duration.nanos = -duration.nanos;
        it.any.as_mut().ok_or_else(missing)?.type_url.push('!');
        let fields = &mut it.r#struct.as_mut().ok_or_else(missing)?.fields;
        fields.insert("seen".into(), true.into());
        it.value = Some(prost_types::Value {
            kind: Some(Kind::StringValue("a value".into())),
        });
        it.list.as_mut().ok_or_else(missing)?.values.reverse();
        let source = it.source.as_mut().ok_or_else(missing)?;
        source.file_name.push('!');
        it.double = it.double.map(|it| it * 2.0);
        it.float = it.float.map(|it| it * 2.0);
        it.int64 = it.int64.map(|it| it + 1);
        it.uint64 = it.uint64.map(|it| it + 1);
        it.int32 = it.int32.map(|it| it + 1);
        it.uint32 = it.uint32.map(|it| it + 1);
        it.bool = it.bool.map(|it| !it);
        it.string = it.string.map(|it| it + "!");
        it.bytes = it.bytes.map(|it| vec![0; it.len()]);
        it.timestamps.push(Timestamp::default());
        Ok(it)
    }

    fn describe(&self, mut it: Descriptions) -> Result<Descriptions, Error> {
        let missing = || Error::from("a field is missing");
        let mask = it.mask.as_mut().ok_or_else(missing)?;
        mask.paths.push("last".into());
        let message = it.message_type.as_mut().ok_or_else(missing)?;
        message.name.push('!');
        message.fields.reverse();
        message.fields[0].kind = field::Kind::TypeBool as i32;
        let option = message.options[0].value.as_mut().ok_or_else(missing)?;
        option.type_url.push('!');
        let source = message.source_context.as_mut().ok_or_else(missing)?;
        source.file_name.push('!');
        let enum_type = it.enum_type.as_mut().ok_or_else(missing)?;
        enum_type.name.push('!');
        enum_type.enumvalue[0].number += 1;
        let api = it.api.as_mut().ok_or_else(missing)?;
        api.name.push('!');
        api.methods[0].response_streaming = !api.methods[0].response_streaming;
        api.mixins.push(Mixin {
            name: "last".into(),
            ..Mixin::default()
        });
        let file = it.file.as_mut().ok_or_else(missing)?;
        file.name = Some(file.name().to_owned() + "!");
        file.message_type[0].field[0].number = None;
        file.dependency.push("last".into());
        it.syntax += 1;
        it.kind += 1;
        it.cardinality += 1;
        it.null_value = Some(0);
        it.null_values.push(0);
        it.enum_values.push(EnumValue {
            name: "last".into(),
            ..EnumValue::default()
        });
        it.mask_of.remove("gone");
        it.syntax_of.remove("gone");
        match it.part.as_mut() {
            Some(descriptions::Part::Method(method)) => method.name.push('!'),
            Some(descriptions::Part::Mixin(mixin)) => mixin.root.push('!'),
            Some(descriptions::Part::Field(field)) => field.json_name.push('!'),
            Some(descriptions::Part::Option(option)) => option.name.push('!'),
            None => {}
        }
        Ok(it)
    }

    fn nothing(&self) -> Result<(), Error> {
        Ok(())
    }

    fn fill(&self) -> Result<Text, Error> {
        Ok(text("filled"))
    }

    fn drop(&self, _request: Text) -> Result<(), Error> {
        Ok(())
    }

    fn fail(&self, request: Text) -> Result<Text, Error> {
        Err(request.text.into())
    }

    fn ask(&self, request: Text) -> Result<Text, Error> {
        Ok(host::answer(&request))
    }

    fn tell(&self, request: Text) -> Result<Text, Error> {
        host::log(&request);
        Ok(host::tick())
    }

    fn count(&self, request: Text) -> Result<Text, Error> {
        let reply = counter::length(&LengthRequest { text: request.text });
        Ok(text(reply.length.to_string()))
    }

    fn read_file(&self, request: Text) -> Result<Text, Error> {
        Ok(text(std::fs::read_to_string(request.text)?))
    }

    fn write_file(&self, request: Text) -> Result<(), Error> {
        Ok(std::fs::write(request.text, "written")?)
    }

    fn print(&self, request: Text) -> Result<(), Error> {
        println!("out: {}", request.text);
        eprintln!("err: {}", request.text);
        Ok(())
    }

    fn crash(&self, request: Text) -> Result<(), Error> {
        match request.text.as_str() {
            "panic" => panic!("thrown on purpose"),
            "exit" => std::process::exit(3),
            _ => Ok(()),
        }
    }
}
